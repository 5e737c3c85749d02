// Notices that a sweep or a refused request writes, how they are sent, and marking them as read.
import { checkPin } from "@/lib/services/identity/pin/check-pin";
import { setPin } from "@/lib/services/identity/pin/set-pin";
import { markNoticesRead } from "@/lib/services/notice-delivery/mark-notices-read";
import { subscribePush, unsubscribePush } from "@/lib/services/notice-delivery/push-subscriptions";
import { saveNoticeChoices } from "@/lib/services/notice-delivery/save-notice-choices";
import { lockVault } from "@/lib/services/vaults/lock-vault";
import { type CrashTest, workload } from "../crash-test";
import { RefusedError } from "../harness";
import { newVault } from "./wallets";

const [PIN, WRONG_PIN] = ["4907", "830264"];
const TRIES_MAX = 5;
/** Longer than a withdrawal takes before its owner is told. */
const LATE_MS = 2 * 3_600_000;

/** How many notices of a kind a person has. */
async function countNotices(test: CrashTest, userId: bigint, kind: string): Promise<number> {
  const rows = await test.sql`select from notices where user_id = ${userId.toString()} and kind = ${kind}`;
  return rows.length;
}

export const NOTICES = [
  workload({
    name: "a vault's date comes, and a withdrawal takes long",
    reaches: /^(notices\/write-due-notices|withdrawals\/tell-late-withdrawals)/,
    setUp: async (test) => {
      const person = await test.createPerson({ NGN: 9_000_000n, XOF: 1_000n });
      const vaultId = await newVault(test, person, 1);
      const inDays = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
      await test.run(lockVault, person, { vaultId, lockedUntil: inDays });
      await test.sql`update scheduled_notices set due_at = now() where user_id = ${person.userId.toString()}`;
      const reference = await test.withdraw(person, "NGN");
      return { person, reference };
    },
    send: async (test, { person, reference }) => {
      for (let time = 0; time < 2; time += 1) await test.harness.sweep();
      test.equal(
        await countNotices(test, person.userId, "vault_unlocked"),
        1,
        "notices of an unlocked vault",
      );
      test.harness.shift(LATE_MS);
      for (let time = 0; time < 2; time += 1) await test.harness.sweep();
      test.harness.shift(0);
      await test.untilState(reference, "paid");
    },
  }),
  workload({
    name: "notices are queued for their channels, also after one that can't be, then read",
    reaches: /^(notice-delivery\/|jobs\/deliver_notice)/,
    setUp: async (test) => {
      const [from, to] = [await test.createPerson({ XOF: 10_000n }), await test.createPerson()];
      await test.sql`update users set email_verified_at = now() where id = ${to.userId.toString()}`;
      return { from, to };
    },
    send: async (test, { from, to }) => {
      const id = to.userId.toString();
      await test.run(saveNoticeChoices, to, { "money_in.email": "on" });
      await test.transfer(from, [{ to, amount: 100 }]);
      await test.harness.sweep();
      await test.sql`insert into notices (user_id, kind) values (${id}, 'unheard_of')`;
      await test.transfer(from, [{ to, amount: 200 }]);
      await test.harness.sweep();
      // Its job would fail for days.
      await test.sql.begin(async (sql) => {
        await sql`set local session_replication_role = replica`;
        await sql`delete from notices where kind = 'unheard_of'`;
      });
      await test.untilIdle();
      const unqueued = await test.sql`select from notices where user_id = ${id} and queued_at is null`;
      test.equal(unqueued.length, 0, "notices that were never queued");
      await test.run(markNoticesRead, to, { upTo: "999999999999999999" });
      const browser = { endpoint: `https://push.example.test/${test.key()}`, p256dh: "k", auth: "a" };
      await test.run(subscribePush, to, browser);
      await test.run(unsubscribePush, to);
      test.equal(await countNotices(test, to.userId, "transfer_received"), 2, "notices of money received");
      const keys = await test.sql`
        select m.key from outgoing_messages m join notices n on starts_with(m.key, 'notice:' || n.id || ':')
        where m.user_id = ${id} and n.kind = 'transfer_received'`;
      const told = await test.sql`select distinct key from outgoing_messages where user_id = ${id}`;
      test.equal(keys.length, told.length, "messages of money received, each once");
    },
  }),
  workload({
    name: "five wrong PINs",
    reaches: /^identity\/pin\/check-pin\.1/,
    setUp: async (test) => {
      const person = await test.createPerson();
      await test.runOnce(["pin_required"], setPin, person, { pin: PIN });
      return person;
    },
    send: async (test, person) => {
      // A try whose response was lost is counted, and tried again.
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        await test.run(checkPin, person, WRONG_PIN).catch((error: unknown) => {
          if (!(error instanceof RefusedError)) throw error;
        });
      }
      const told = await countNotices(test, person.userId, "limits_reached");
      // Nothing is told when the process died between the count and its notice.
      test.equal(told <= 1, true, "at most one notice of a locked PIN");
    },
  }),
];
