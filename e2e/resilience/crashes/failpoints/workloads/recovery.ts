// Forgotten passwords and PINs, another password, and the link in the message to a former contact.
import { readCode } from "@/e2e/support/codes";
import { newKey } from "@/lib/ids";
import { newAlarmToken } from "@/lib/services/identity/contacts/alarm-token";
import { reportContactChange } from "@/lib/services/identity/contacts/report-contact-change";
import { checkPin } from "@/lib/services/identity/pin/check-pin";
import { cancelPinReset, keepOldPin } from "@/lib/services/identity/pin/resets/cancel-pin-reset";
import { requestPinReset, sendPinCode } from "@/lib/services/identity/pin/resets/request-pin-reset";
import { setPin } from "@/lib/services/identity/pin/set-pin";
import { finishRecovery } from "@/lib/services/identity/recovery/finish-recovery";
import {
  checkOtherCode,
  checkRecoveryCode,
  resendRecoveryCode,
  sendOtherCode,
} from "@/lib/services/identity/recovery/recovery-codes";
import { startRecovery } from "@/lib/services/identity/recovery/start-recovery";
import { changePassword } from "@/lib/services/identity/users/change-password";
import { ANONYMOUS, type CrashTest, workload } from "../crash-test";
import { makeAlarm } from "../process-calls";
import { signUpPerson } from "./access";

const PIN = "4907";
const OTHER_PIN = "830264";

/** Somebody with a password, a verified number and a verified address. */
async function verifiedPerson(test: CrashTest) {
  const person = await signUpPerson(test, test.random.hex(6));
  const phone = `+2267${String(test.random.int(0, 9_999_999)).padStart(7, "0")}`;
  await test.sql`update users set phone = ${phone}, phone_verified_at = now(), email_verified_at = now()
    where id = ${person.userId.toString()}`;
  const actor = { kind: "user", userId: person.userId, sessionId: newKey() } as const;
  return { ...person, phone, actor };
}

const count = async (test: CrashTest, table: string, userId: bigint) => {
  const [row] =
    await test.sql`select count(*)::int as count from ${test.sql(table)} where user_id = ${userId.toString()}`;
  return row?.count;
};

async function countOpen(test: CrashTest, userId: bigint): Promise<number> {
  const [row] = await test.sql<{ open: number }[]>`
    select count(*)::int as open from pin_resets where user_id = ${userId.toString()} and ended_at is null`;
  return row?.open ?? 0;
}

export const RECOVERY = [
  workload({
    name: "a forgotten password is recovered with two codes, the first sent again",
    reaches: /^identity\/recovery\//,
    setUp: verifiedPerson,
    send: async (test, { userId, phone, email }) => {
      const networks = [test.random.hex(6)];
      const begin = { identifier: phone, phoneCountry: "BF", locale: "fr", networks } as const;
      const { recoveryId } = await test.run(startRecovery, ANONYMOUS, begin);
      // The first code is over: a new one is made.
      await test.sql`update contact_codes set sent_at = now() - interval '11 minutes', expires_at = now() - interval '1 minute'
        where contact = ${phone}`;
      await test.runOnce(["rate_limited"], resendRecoveryCode, ANONYMOUS, {
        recoveryId,
        networks,
        locale: "fr",
      });
      await test.run(checkRecoveryCode, ANONYMOUS, { recoveryId, code: await readCode(test.sql, phone) });
      await test.run(sendOtherCode, ANONYMOUS, { recoveryId, networks });
      await test.run(checkOtherCode, ANONYMOUS, { recoveryId, code: await readCode(test.sql, email) });
      const password = `password-${test.random.hex(8)}`;
      const finish = { recoveryId, password, pin: "", device: null };
      await test.run(finishRecovery, ANONYMOUS, finish);
      await test.run(finishRecovery, ANONYMOUS, finish);
      test.equal(
        await count(test, "money_out_limits", userId),
        1,
        "limits of a password that was recovered once",
      );
    },
  }),
  workload({
    name: "a password is changed, twice with the same form",
    reaches: /^identity\/users\/change-password/,
    setUp: verifiedPerson,
    send: async (test, { actor, userId, password: currentPassword }) => {
      const change = { currentPassword, password: `password-${test.random.hex(8)}` };
      await test.run(changePassword, actor, change);
      await test.run(changePassword, actor, change);
      const notices = await test.sql`
        select kind from notices where user_id = ${userId.toString()} and kind = 'password_changed'`;
      test.equal(notices.length, 1, "notices of a password that was changed once");
    },
  }),
  workload({
    name: "a forgotten PIN waits, is called off twice, and then becomes the new one",
    reaches: /^(identity\/pin\/resets\/|jobs\/complete_pin_reset)/,
    setUp: async (test) => {
      const person = await verifiedPerson(test);
      await test.runOnce(["pin_required"], setPin, person.actor, { pin: PIN });
      return person;
    },
    send: async (test, { actor, userId, phone, password }) => {
      const request = async () => {
        const networks = [test.random.hex(6)];
        const { challengeId } = await test.run(sendPinCode, actor, {
          kind: "phone",
          locale: "fr",
          networks,
        });
        const code = await readCode(test.sql, phone);
        await test.runOnce(["code_expired"], requestPinReset, actor, {
          pin: OTHER_PIN,
          password,
          challengeId,
          code,
        });
      };
      await request();
      await test.run(cancelPinReset, actor);
      await request();
      await test.run(keepOldPin, actor, { pin: PIN });
      await request();
      await test.sql`update pin_resets set effective_at = now() - interval '1 second'
        where user_id = ${userId.toString()} and ended_at is null`;
      await test.sql`update money_out_limits set created_at = now() - interval '2 days', until = now() - interval '1 second'
        where user_id = ${userId.toString()}`;
      await test.until(async () => (await countOpen(test, userId)) === 0);
      await test.run(checkPin, actor, OTHER_PIN);
      const outcomes = await test.sql`
        select outcome from pin_resets where user_id = ${userId.toString()} order by id`;
      test.equal(
        outcomes.map(({ outcome }) => outcome),
        ["cancelled", "cancelled", "done"],
        "what became of three forgotten PINs",
      );
      const bare = await signUpPerson(test, test.random.hex(6));
      const itself = { kind: "user", userId: bare.userId, sessionId: newKey() } as const;
      await test.runOnce(["pin_required"], setPin, itself, { pin: PIN });
      const withoutCode = { pin: OTHER_PIN, password: bare.password, challengeId: "", code: "" };
      await test.run(requestPinReset, itself, withoutCode);
      test.equal(
        await countOpen(test, bare.userId),
        1,
        "forgotten PINs that wait, of an account without a contact",
      );
    },
  }),
  workload({
    name: "a former contact's link stops money, twice",
    reaches: /^identity\/contacts\/report-contact-change/,
    setUp: async (test) => {
      const person = await verifiedPerson(test);
      const token = newAlarmToken();
      await test.run(makeAlarm, ANONYMOUS, token, person.userId);
      return { person, token };
    },
    send: async (test, { person: { userId }, token }) => {
      await test.run(reportContactChange, ANONYMOUS, token);
      await test.run(reportContactChange, ANONYMOUS, token);
      test.equal(await count(test, "money_out_limits", userId), 1, "stops of a link that was used once");
    },
  }),
];
