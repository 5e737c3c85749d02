import type { Sql } from "postgres";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { afterTampering, brokenBy, type Change } from "@/e2e/support/audit-breaches";
import { useDatabase } from "@/e2e/support/database";
import { allSayYes, openBy } from "@/e2e/support/decisions";
import { TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  approveAll,
  at,
  duesOf,
  pay,
  runningGroup,
  type TestGroup,
  timeOf,
} from "@/e2e/support/tontines";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { offerGuarantee, signGuarantee } from "@/lib/services/tontines/changes/guarantees";
import { openDispute } from "@/lib/services/tontines/disputes/open-dispute";
import { ruleDispute } from "@/lib/services/tontines/disputes/rule-dispute";
import { giveMandate } from "@/lib/services/tontines/mandates/give-mandate";
import { payInAdvance } from "@/lib/services/tontines/money/pay-in-advance";
import { auditLedger } from "./audit-ledger";
import { countTontineBreaches } from "./store";
import { TONTINE_CHECKS, type TontineCheck, tontineChecksOf } from "./tontine-checks";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase({ alone: true });
let group: TestGroup;

/** A turn of four, whose fine is waived by vote: one pays by a standing contribution, one doesn't pay and is covered by a guarantor, and the pot is paid out. */
beforeAll(async () => {
  group = await runningGroup(db, { count: 4, closesAfterDays: "0", order: "draw" });
  const { code } = group;
  const [first, debtor, guarantor, saver] = group.people;
  invariant(first && debtor && guarantor && saver, "four people");
  const guarantorId = guarantor.memberId.toString();
  const { guaranteeId } = await offerGuarantee(debtor.context, { code, guarantorId, amount: "10 000" });
  await signGuarantee(guarantor.context, { code, guaranteeId: guaranteeId.toString(), pin: TEST_PIN });
  await giveMandate(saver.context, { code, ceiling: "10 000", endsOn: "2099-01-01", pin: TEST_PIN });
  await payInAdvance(first.context, { code, amount: "500", pin: TEST_PIN, key: newKey() });
  await advance(group, timeOf(group, 1, -2));
  await pay(group, first, 1);
  await pay(group, guarantor, 1);
  await advance(group, timeOf(group, 1, -0.1));
  await advance(group, timeOf(group, 1, 0.1));
  await approveAll(group, 1, timeOf(group, 1, 0.2));
  const fine = (await duesOf(group)).find(({ kind }) => kind === "fine");
  const now = timeOf(group, 1, 0.3);
  const decision = await openBy(group, first, now, { kind: "waiver", dueId: fine?.id ?? "" });
  await allSayYes(group, [first, saver], decision, now);
  const about = { code, about: "turn", id: "1", reason: "Il manque une part." } as const;
  const { disputeId } = await openDispute(at(debtor.context, now), about);
  for (const { context } of [guarantor, saver]) {
    await ruleDispute(at(context, now), {
      code,
      disputeId: `${disputeId}`,
      outcome: "upheld",
      pin: TEST_PIN,
    });
  }
});

it("finds nothing in a turn that was covered, fined, taken and paid out", async () => {
  const lines = await auditLedger(db);
  expect(lines.filter((line) => line.breaches !== 0n).map(({ promise }) => promise)).toEqual([]);
  const rows = await owner<{ kind: string }[]>`
    select distinct via as kind from tontine_due_payments union select state from tontine_payouts
    union select kind from tontine_dues order by 1`;
  expect(rows.map(({ kind }) => kind)).toEqual(["contribution", "fine", "guarantor", "posted", "wallet"]);
});

/** What a superuser may do, by the promise that shows it. */
const CHANGES: [promise: string, title: string, change: Change[2]][] = [
  [
    "T1",
    "a payout that says less than left the pot",
    (sql) => sql`
    update tontine_payouts set amount_minor = amount_minor - 1 where state = 'posted'`,
  ],
  [
    "T1",
    "a turn called closed with money in its pot",
    (sql) => sql`
    update ledger_accounts set balance = 5 where address like '%/pot/%'`,
  ],
  [
    "T2",
    "a due that says it was paid less",
    (sql) => sql`
    update tontine_dues set paid_minor = paid_minor - 1 where state = 'paid'`,
  ],
  [
    "T2",
    "a covered due that says it was paid by its debtor",
    (sql) => sql`
    update tontine_dues set state = 'paid' where state = 'covered'`,
  ],
  [
    "T2: each payment of a due that was given back",
    "a due that says it was given back",
    (sql) => sql`
    update tontine_dues set state = 'returned' where state = 'paid'`,
  ],
  [
    "T3: each payment",
    "a payment of another amount",
    (sql) => sql`
    update tontine_due_payments set amount_minor = amount_minor + 1`,
  ],
  [
    "T3: each posting",
    "money in a pot that pays no due",
    (sql) => sql`
    delete from tontine_due_payments where mandate_id is not null`,
  ],
  [
    "T4",
    "a share that takes in no turn",
    (sql) => sql`
    delete from tontine_turn_shares where share_id = (select max(share_id) from tontine_turn_shares)`,
  ],
  [
    "T4",
    "a payout in the turn of another share",
    (sql) => sql`
    update tontine_payouts set turn_id = (select max(id) from tontine_turns)`,
  ],
  [
    "T5",
    "a payout to somebody else's wallet",
    (sql) => sql`
    update operations set wallet_id = (select max(id) from wallets) where type = 'tontine_payout'`,
  ],
  [
    "T5: each order",
    "a sheet that was written again",
    (sql) => sql`update tontine_draws set sheet = replace(sheet, '|4:', '|4:9')`,
  ],
  [
    "T5: each order",
    "randomness that somebody preferred",
    (sql) => sql`
    update tontine_draw_results set signature = '00', randomness = encode(sha256('\\x00'), 'hex')`,
  ],
  [
    "T5: each order",
    "a share that stands elsewhere than it was drawn",
    async (sql) => {
      await sql`update tontine_shares set position = -position`;
      await sql`update tontine_shares set position = 5 + position`;
    },
  ],
  [
    "T5: each order",
    "a draw that is gone",
    async (sql) => {
      await sql`delete from tontine_draw_results`;
    },
  ],
  [
    "T5: each order",
    "an agreed order that isn't the one that was signed",
    (sql) => sql`
    update tontine_rules set parameters = parameters || '{"order": "fixed", "shareIds": ["1"]}'`,
  ],
  [
    "T6",
    "a payout with one approval",
    (sql) => sql`
    delete from tontine_approvals where id = (select max(id) from tontine_approvals)`,
  ],
  [
    "T6",
    "a payout that its receiver approved",
    (sql) => sql`
    update tontine_approvals a set member_id = p.member_id from tontine_payouts p where p.id = a.payout_id
      and a.id = (select max(id) from tontine_approvals)`,
  ],
  ["T6", "an approval of something else", (sql) => sql`update tontine_approvals set shown_hash = '\\x00'`],
  ["T7", "a word in the rules changed", (sql) => sql`update tontine_rules set text_fr = text_fr || '.'`],
  [
    "T7",
    "a signature that is gone",
    (sql) => sql`
    delete from tontine_signatures where id = (select max(id) from tontine_signatures)`,
  ],
  [
    "T8",
    "a debtor who left",
    (sql) => sql`
    update tontine_members set state = 'left' where id in (select debtor_member_id from tontine_debts)`,
  ],
  [
    "T9",
    "a debt that says it was repaid",
    (sql) => sql`update tontine_debts set repaid_minor = amount_minor`,
  ],
  ["T9", "a debt that is gone", (sql) => sql`delete from tontine_debts`],
  [
    "T10",
    "a premium that was kept",
    (sql) => sql`
    insert into ledger_accounts (address, currency, minimum_balance, balance) values ('tontine/1/XOF/premium/1', 'XOF', 0, 5)`,
  ],
  [
    "T11",
    "cash that became electronic money",
    async (sql) => {
      await sql`insert into ledger_accounts (address, currency) values ('tontine/1/XOF/cash/outside', 'XOF')`;
      await sql`insert into ledger_postings (entry_id, position, from_account, to_account, currency, amount, recorded_at)
      select 999999, 1, (select max(id) from ledger_accounts), min(id), 'XOF', 5, now() from ledger_accounts`;
    },
  ],
  ["T12", "a due taken above the ceiling", (sql) => sql`update tontine_mandates set ceiling_minor = 1`],
  [
    "T12",
    "a due taken after the consent had ended",
    (sql) => sql`
    update tontine_mandates set state = 'ended', ended_at = now() - interval '1 year'`,
  ],
  [
    "T13",
    "a fine above the rule",
    (sql) => sql`
    update tontine_dues set amount_minor = amount_minor * 100 where kind = 'fine'`,
  ],
  ["T14", "a closed group with money in it", (sql) => sql`update tontines set state = 'closed'`],
  [
    "each decision is what",
    "a vote that is gone",
    (sql) => sql`delete from tontine_votes where choice = 'yes'`,
  ],
  [
    "each decision is what",
    "a question that was changed",
    (sql) => sql`update tontine_decisions set shown = shown || ' '`,
  ],
  [
    "each decision is what",
    "a rejection that its votes don't say",
    (sql) => sql`update tontine_decisions set state = 'rejected', applied_at = null`,
  ],
  [
    "each vote is by",
    "a vote by the person concerned",
    (sql) => sql`
    update tontine_votes v set member_id = d.subject_member_id from tontine_decisions d where d.id = v.decision_id
      and v.id = (select max(id) from tontine_votes)`,
  ],
  [
    "each vote is by",
    "the person concerned asked",
    (sql) => sql`update tontine_decisions set voter_ids = voter_ids || subject_member_id`,
  ],
  [
    "each vote is by",
    "a vote on something else",
    (sql) => sql`update tontine_votes set shown_hash = '\\x00'`,
  ],
  [
    "each decision that was applied",
    "an effect that was taken back",
    (sql) => sql`update tontine_dues set waived_minor = 0, state = 'open' where kind = 'fine'`,
  ],
  [
    "each decision that was applied",
    "an effect that nobody noted",
    (sql) => sql`delete from tontine_events where kind = 'decision.applied'`,
  ],
  [
    "each decision that was applied",
    "a pause that nobody decided",
    (sql) => sql`update tontines set state = 'paused' where state = 'running'`,
  ],
  [
    "each decision that was applied",
    "an exclusion that nobody decided",
    (sql) =>
      sql`update tontine_members set state = 'excluded' where id = (select max(id) from tontine_members)`,
  ],
  [
    "each decision that was applied",
    "a due put off without a vote",
    (sql) => sql`update tontine_dues set rescheduled_by = 1 where kind = 'fine'`,
  ],
  [
    "each decision that was applied",
    "a due waived without a vote",
    (sql) => sql`
    update tontine_dues set waived_minor = amount_minor, paid_minor = 0, state = 'waived' where id = (select max(id) from tontine_dues where kind = 'contribution' and state = 'paid')`,
  ],
  [
    "each dispute was",
    "a dispute settled by one",
    (sql) =>
      sql`delete from tontine_dispute_rulings where id = (select max(id) from tontine_dispute_rulings)`,
  ],
  [
    "each operation",
    "an operation that names no group",
    (sql) => sql`
    delete from tontine_operations where operation_id = (select max(operation_id) from tontine_operations)`,
  ],
  [
    "the triggers",
    "a rule that was switched off",
    (sql) => sql`
    alter table tontine_payouts disable trigger tontine_payouts_check`,
  ],
];

describe("what a superuser changes is found", () => {
  it.each(CHANGES)("%s: %s", async (promise, _title, change) => {
    const broken = await brokenBy(owner, change);
    expect(broken.filter((each) => each.startsWith(`15: ${promise}`))).toHaveLength(1);
  });

  it("in its own tontine, by the same checks, and not in another one", async () => {
    for (const [promise, title, change] of CHANGES) {
      const [all, own, other] = await afterTampering(owner, async (tx) => {
        await change(tx as unknown as Sql);
        const broken = async (checks: readonly TontineCheck[]) => {
          const names: string[] = [];
          for (const { query, promise: name } of checks) {
            const [row] = await tx.unsafe<{ count: string }[]>(`select (${query})::bigint as count`);
            if (row?.count !== "0") names.push(name);
          }
          return names;
        };
        return [
          await broken(TONTINE_CHECKS),
          await broken(tontineChecksOf(group.id)),
          await broken(tontineChecksOf(group.id + 1n)),
        ];
      });
      // An operation that names no group is in none.
      if (promise !== "each operation") expect(own, title).toEqual(all);
      expect(other, title).toEqual(promise === "the triggers" ? all : []);
    }
    expect([...(await countTontineBreaches(db, group.id)).values()].every((count) => count === 0n)).toBe(
      true,
    );
  });

  it("by every check", () => {
    const promises = CHANGES.map(([promise]) => promise);
    const never = TONTINE_CHECKS.filter(({ promise }) => !promises.some((each) => promise.startsWith(each)));
    expect(never.map(({ promise }) => promise)).toEqual([]);
  });
});
