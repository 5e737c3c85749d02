import type { Database } from "@/db/client";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import type { Context } from "@/lib/services/context";
import { createVault } from "@/lib/services/vaults/create-vault";
import { toLockDate } from "@/lib/services/vaults/lock-date";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import type { CreateVault } from "@/lib/services/vaults/schema";
import { takeFromVault } from "@/lib/services/vaults/take-from-vault";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { createFundedUser, type TestUser } from "./people";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A date in `days` days, as forms post it. */
export const dayAhead = (days: number): string => toLockDate(new Date(Date.now() + days * DAY_MS));

/** A user with francs in the wallet. */
export async function createSaver(db: Database, francs = 10_000n): Promise<TestUser> {
  return await createFundedUser(db, money(francs, "XOF"));
}

/** Input for a new vault in francs with a new key; no goal and no date unless given. */
export function typedVault(values: Partial<CreateVault> = {}): CreateVault {
  return { name: "Tabaski", goal: "", lockedUntil: "", currency: "XOF", key: newKey(), ...values };
}

/** Creates a vault. Returns its id as forms post it. */
export async function vaultOf(user: TestUser, values: Partial<CreateVault> = {}): Promise<string> {
  return (await createVault(user.context, typedVault(values))).vaultId.toString();
}

export const put = (context: Context, vaultId: string, amount: string | bigint, key = newKey()) =>
  putIntoVault(context, { vaultId, amount: String(amount), key });

export const take = (context: Context, vaultId: string, amount: string | bigint, key = newKey()) =>
  takeFromVault(context, { vaultId, amount: String(amount), key });

/** Francs available and in vaults. */
export async function savingsOf({ context }: TestUser): Promise<bigint[]> {
  const [francs] = (await getWallet(context)).balances;
  return [francs?.available.amountMinor ?? -1n, francs?.vaults.amountMinor ?? -1n];
}

export function countFulfilled(results: readonly PromiseSettledResult<unknown>[]): number {
  return results.filter((result) => result.status === "fulfilled").length;
}

/** The distinct error codes of the rejected results. */
export function codesOf(results: readonly PromiseSettledResult<unknown>[]): unknown[] {
  return [
    ...new Set(results.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []))),
  ];
}
