import type postgres from "postgres";
import type { Account, Acknowledged } from "./account";

/**
 * Deposits whose app died before it could answer where to pay: nobody was told their reference, but their key stands for
 * it. They count as acknowledged, since the provider may have them and their payer may pay.
 */
export async function lookUpUnanswered(
  owner: postgres.Sql,
  { unanswered }: Account,
): Promise<Acknowledged[]> {
  const found: Acknowledged[] = [];
  for (const { key, from, amountMinor } of unanswered) {
    const [row] = await owner<{ reference: string }[]>`select reference from idempotency_keys
      where user_id = ${from.userId.toString()} and key = ${key}`;
    if (row === undefined) continue;
    const amounts = { amountMinor: BigInt(amountMinor), feeMinor: 0n };
    found.push({ kind: "deposit", reference: row.reference, key, from, to: null, ...amounts });
  }
  return found;
}
