import type { Transaction } from "@/db/client";
import { newKey } from "@/lib/ids";
import { lockBalance } from "@/lib/ledger/accounts";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { draftRepayment } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { recordNotice } from "../notices/record-notice";
import { ownerOfWallet } from "./store";

/**
 * Money that came in pays first what the wallet owes the deployment, in the transaction that brought it: available → owed, up
 * to what is there. `source` names the entry, once; a new name when absent. Answers what was paid; null when nothing was owed or is there.
 */
export async function repayOwed(
  tx: Transaction,
  repayment: { walletId: bigint; currency: Currency; source?: string; occurredAt: Date },
): Promise<Money | null> {
  const { walletId, currency, occurredAt, source = `owed:${walletId}:${newKey()}` } = repayment;
  if ((await owedBy(tx, walletId, currency)) === 0n) return null;
  // Whoever changes what is owed holds this lock, so it is read again under it.
  const available = await lockBalance(tx, chart.available(walletId, currency));
  const owed = await owedBy(tx, walletId, currency);
  const paid = available < owed ? available : owed;
  if (paid <= 0n) return null;
  const amount = money(paid, currency);
  await postEntry(tx, draftRepayment({ reference: source, occurredAt, walletId, amount }));
  await recordNotice(tx, {
    userId: await ownerOfWallet(tx, walletId),
    kind: "owed_paid",
    details: { amountMinor: paid.toString(), currency },
    key: `owed_paid:${source}:${currency}`,
  });
  return amount;
}

/** What the wallet owes, as a positive number of minor units. */
async function owedBy(tx: Transaction, walletId: bigint, currency: Currency): Promise<bigint> {
  const [balance] = await getBalances(tx, [chart.owed(walletId, currency)]);
  return -(balance?.amountMinor ?? 0n);
}
