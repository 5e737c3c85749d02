import { beforeAll, describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { brokenBy, type Change } from "@/e2e/support/audit-breaches";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { takeBackDeposit } from "@/lib/services/back-office/resolve-dispute";
import { applyDispute } from "@/lib/services/deposits/apply-dispute";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { auditLedger } from "./audit-ledger";
import { AUDIT_CHECKS } from "./store";

const { db, owner } = await useDatabase({ alone: true });
let takenBack: string;

beforeAll(async () => {
  takenBack = await takeBack(await createUser(db));
});

/** A refunded deposit of 300 francs, taken back when 200 of it were spent. */
async function takeBack({ context, walletId }: TestUser): Promise<string> {
  const { walletNumber } = await createUser(db);
  const amount = money(300n, "XOF");
  const deposit = await fundWallet(db, walletId, amount);
  await sendTransfer(context, { walletNumber, amount: money(200n, "XOF") });
  const [operation] = await owner<{ provider: string }[]>`
    select provider from operations where reference = ${deposit}`;
  const update = {
    provider: operation?.provider ?? "",
    reference: deposit,
    status: "reversed" as const,
    providerReference: null,
    amount,
    currencyCode: "XOF",
    reasonCode: null,
    live: null,
    dispute: { type: "refund", subject: deposit, outcome: "lost" } as const,
  };
  const system = createContext(db, { kind: "system" });
  await inTransaction(db, (tx) => applyDispute(tx, system, update));
  await takeBackDeposit(system, { reference: deposit, operator: "ama", note: "refunded" });
  await fundWallet(db, walletId, money(50n, "XOF"));
  return deposit;
}

/** What can be done to a deposit that was taken back. */
const DISPUTE_CHANGES: Change[] = [
  [
    14,
    "a deposit taken back that says it was kept",
    (sql) => sql`update operations set state = 'kept' where reference = ${takenBack}`,
  ],
  [
    14,
    "a dispute about more than its deposit",
    (sql) => sql`update disputes set amount_minor = amount_minor + 1`,
  ],
  [14, "a dispute without its deposit", (sql) => sql`update disputes set operation_id = 999999`],
  [
    14,
    "a dispute that was taken back without an entry",
    (sql) => sql`delete from ledger_entries where source = ${takenBack} and step <> 'credit'`,
  ],
  [
    14,
    "an amount taken back for no dispute",
    (sql) =>
      sql`update ledger_entries set step = 'take_back:999' where source = ${takenBack} and step <> 'credit'`,
  ],
  [
    14,
    "an owed amount that changed without a repayment",
    (sql) => sql`update ledger_entries set step = 'gift' where step = 'repay'`,
  ],
  [
    14,
    "an owed amount that was overpaid",
    (sql) =>
      sql`update ledger_postings set amount = amount + 1000 where to_account in
        (select id from ledger_accounts where ledger_address_kind(address) = 'owed')`,
  ],
];

describe("the audit of a deposit that was taken back", () => {
  it("finds nothing where only the product wrote", async () => {
    const lines = await auditLedger(db);
    expect(lines.filter((line) => line.breaches !== 0n)).toEqual([]);
  });

  it.each(DISPUTE_CHANGES)("finds, as invariant %i, %s", async (invariant, _, change) => {
    const broken = await brokenBy(owner, change);
    expect(broken.some((line) => line.startsWith(`${invariant}:`))).toBe(true);
  });

  it("keeps every promise by a query that can find its breach", async () => {
    const found = new Set<string>();
    for (const [, , change] of DISPUTE_CHANGES) {
      for (const promise of await brokenBy(owner, change)) found.add(promise);
    }
    const checks = AUDIT_CHECKS.filter(({ invariant }) => invariant === 14);
    const promises = checks.map((check) => `${check.invariant}: ${check.promise}`);
    expect(promises.filter((promise) => !found.has(promise))).toEqual([]);
  });
});
