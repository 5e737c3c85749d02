import { z } from "zod";
import * as keys from "@/lib/services/api-access/keys/schema";
import { startDepositSchema } from "@/lib/services/deposits/schema";
import { setPinSchema } from "@/lib/services/identity/pin/schema";
import * as users from "@/lib/services/identity/users/schema";
import { confirmTransferSchema, quoteTransferSchema } from "@/lib/services/transfers/schema";
import * as vaults from "@/lib/services/vaults/schema";
import { confirmWithdrawalSchema, quoteWithdrawalSchema } from "@/lib/services/withdrawals/schema";
import { THEMES } from "@/lib/ui/theme";

const next = z.object({ next: z.string() });

/** The schema of each server action's form, by the action's exported name. An action that isn't listed is sent fields named like columns. */
export const FORM_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  signIn: users.signInSchema.extend(next.shape),
  signInWithGoogle: next,
  signUp: users.signUpSchema.safeExtend(next.shape),
  toggleBalance: z.object({ show: z.enum(["yes", "no"]) }),
  createKey: keys.createKeyFormSchema,
  renewKey: keys.renewKeyFormSchema,
  revokeKey: keys.revokeKeyFormSchema,
  saveProfile: users.profileSchema,
  saveLanguage: users.localeSchema,
  saveTheme: z.object({ theme: z.enum(THEMES) }),
  savePin: setPinSchema,
  revokeSession: users.revokeSessionSchema,
  signOut: z.object({}),
  signOutElsewhere: users.signOutElsewhereSchema,
  startTopup: startDepositSchema,
  reviewTransfer: quoteTransferSchema,
  confirmTransfer: confirmTransferSchema,
  reviewWithdrawal: quoteWithdrawalSchema,
  confirmWithdrawal: confirmWithdrawalSchema,
  openVault: vaults.createVaultSchema,
  putMoney: vaults.vaultMoneySchema,
  takeMoney: vaults.vaultMoneySchema,
  saveVault: vaults.updateVaultSchema,
  reviewVaultLock: vaults.lockVaultSchema,
  lockVaultUntil: vaults.lockVaultSchema,
  deleteVault: vaults.closeVaultSchema,
};
