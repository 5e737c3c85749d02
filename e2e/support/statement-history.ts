import type { Database } from "@/db/client";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { ProviderError } from "@/lib/providers/provider";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { submitWithdrawal } from "@/lib/services/withdrawals/submit-withdrawal";
import type { FakeProvider } from "./fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN, type TestUser } from "./people";
import { put, take, vaultOf } from "./vaults";

export interface StatementHistory {
  user: TestUser;
  vaultId: string;
  address: string;
  /** The friend's and the sender's notes. */
  notes: readonly [string, string];
}

/**
 * A person with one line of nearly every kind in francs: a top-up, transfers both ways with notes that a spreadsheet would run, a
 * withdrawal in flight, one that was refunded, and a vault.
 */
export async function makeStatementHistory(
  db: Database,
  owner: (id: string) => Promise<bigint>,
  provider: FakeProvider,
): Promise<StatementHistory> {
  const user = await createUser(db, { pin: TEST_PIN, firstName: "Awa", lastName: "Traoré" });
  const friend = await createUser(db, { firstName: "محمد", lastName: "Ouédraogo" });
  await fundWallet(db, user.walletId, money(150_000n, "XOF"));
  await fundWallet(db, friend.walletId, money(20_000n, "XOF"));
  const notes = ['=HYPERLINK("http://evil.test")', "Riz; huile, savon 🎉"] as const;
  const send = (from: TestUser, to: TestUser, amountMinor: bigint, note: string) =>
    sendTransfer(from.context, { walletNumber: to.walletNumber, amount: money(amountMinor, "XOF"), note });
  await send(friend, user, 12_500n, notes[0]);
  await send(user, friend, 1_234n, notes[1]);
  const vaultId = await vaultOf(user, { name: "Toit de la maison" });
  await put(user.context, vaultId, 30_000n);
  await take(user.context, vaultId, 5_000n);
  const withdraw = async (amount: string) => {
    const form = { amount, phone: "70 00 00 04", method: "orange_money", currency: "XOF" as const };
    const { quoteId } = await quoteWithdrawal(user.context, form, "BF");
    const { reference } = await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN });
    await submitWithdrawal(createContext(db, { kind: "system" }), await owner(reference));
  };
  await withdraw("2 000");
  const onPayout = provider.onPayout;
  provider.onPayout = async () => {
    throw new ProviderError("declined", "test");
  };
  await withdraw("3 000");
  provider.onPayout = onPayout;
  return { user, vaultId, address: chart.available(user.walletId, "XOF").address, notes };
}
