import { z } from "zod";
import { CURRENCY_CODES, DEFAULT_CURRENCY } from "@/lib/money/currency";

// Forms as they are posted: a missing field is an empty one, and the verbs check all of them at once.
const typed = z.string().max(500, "too_long").default("");
/** The form's idempotency key, made when it was rendered. */
const key = z.string().min(1).max(255);
const vaultId = z.string().max(40).default("");

export const createVaultSchema = z.object({
  name: typed,
  currency: z.enum(CURRENCY_CODES).default(DEFAULT_CURRENCY),
  /** An amount, or nothing for a vault without a goal. */
  goal: typed,
  /** A day such as `2027-01-31`, or nothing for a vault that stays open. */
  lockedUntil: typed,
  key,
});

export type CreateVault = z.infer<typeof createVaultSchema>;

export const vaultMoneySchema = z.object({ vaultId, amount: typed, key });

export type VaultMoney = z.infer<typeof vaultMoneySchema>;

export const updateVaultSchema = z.object({ vaultId, name: typed, goal: typed });

export type UpdateVault = z.infer<typeof updateVaultSchema>;

export const lockVaultSchema = z.object({ vaultId, lockedUntil: typed });

export type LockVault = z.infer<typeof lockVaultSchema>;

export const closeVaultSchema = z.object({ vaultId });

export type CloseVault = z.infer<typeof closeVaultSchema>;

/** A vault and a page of its history. `cursor` is opaque to callers; a wrong one counts as absent. */
export const getVaultSchema = z.object({
  vaultId: z.string(),
  cursor: z
    .string()
    .regex(/^[1-9][0-9]{0,17}$/)
    .optional()
    .catch(undefined),
  limit: z.coerce.number().int().min(1).max(100).catch(20).default(20),
});

export type GetVault = z.input<typeof getVaultSchema>;
