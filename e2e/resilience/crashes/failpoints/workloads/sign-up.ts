import { readCode } from "@/e2e/support/codes";
import { newKey } from "@/lib/ids";
import { addContact, moveContactHere, verifyContact } from "@/lib/services/identity/contacts/add-contact";
import { finishSignUp, finishSignUpWithMove } from "@/lib/services/identity/users/finish-sign-up";
import { startSignUp } from "@/lib/services/identity/users/start-sign-up";
import { resendSignUpCode } from "@/lib/services/identity/users/started-sign-up";
import { ANONYMOUS, type CrashTest, workload } from "../crash-test";
import { signUpPerson } from "./access";

const newNumber = (test: CrashTest) => `+2267${String(test.random.int(0, 9_999_999)).padStart(7, "0")}`;

/** Attempts whose answer was lost count too, and a number gets few messages an hour. */
const freeLimits = (test: CrashTest) => test.sql`delete from rate_limits where key like 'code_%'`;

/** A sign-up that waits for its code, and the code. */
async function begin(test: CrashTest, phone: string) {
  const form = {
    firstName: "Awa",
    lastName: "",
    email: null,
    password: `password-${test.random.hex(8)}`,
    phone,
    phoneCountry: "BF",
    locale: "fr",
  } as const;
  await freeLimits(test);
  const { signUpId } = await test.run(startSignUp, ANONYMOUS, form, [test.random.hex(6)]);
  return { signUpId, code: await readCode(test.sql, phone) };
}

export const SIGN_UP = [
  workload({
    name: "a sign-up by phone number, its code sent again, and a second one with the same number",
    reaches: /^identity\/(codes\/|users\/(start-sign-up|started-sign-up|finish-sign-up))/,
    setUp: newNumber,
    send: async (test, phone) => {
      const { signUpId } = await begin(test, phone);
      const resend = (age: string) => test.sql`
        update contact_codes set sent_at = now() - ${age}::interval, expires_at = now() + '10 minutes' - ${age}::interval
        where contact = ${phone}`;
      const send = { signUpId, networks: [test.random.hex(6)] };
      await freeLimits(test);
      await resend("61 seconds");
      await test.runOnce(["rate_limited"], resendSignUpCode, ANONYMOUS, send);
      // The first code is over: a new one is made.
      await freeLimits(test);
      await resend("11 minutes");
      await test.runOnce(["rate_limited"], resendSignUpCode, ANONYMOUS, send);
      const code = await readCode(test.sql, phone);
      await test.run(finishSignUp, ANONYMOUS, { signUpId, code });
      // A double tap.
      await test.run(finishSignUp, ANONYMOUS, { signUpId, code });
      const second = await begin(test, phone);
      await test.runOnce(["code_expired"], finishSignUp, ANONYMOUS, second);
      await test.runOnce(["code_expired"], finishSignUpWithMove, ANONYMOUS, second);
      const rows =
        await test.sql`select u.former_phone, (select count(*) from wallets w where w.user_id = u.id)::int as wallets
        from users u where u.phone = ${phone} or u.former_phone = ${phone} order by u.id`;
      test.equal(
        rows.map(({ former_phone, wallets }) => [former_phone === phone, wallets]),
        [
          [true, 1],
          [false, 1],
        ],
        "people who had the number and have it, each with one wallet",
      );
    },
  }),
  workload({
    name: "a number is added to an account, moves to another one, and a wrong password is typed",
    reaches: /^identity\/(contacts\/add-contact|users\/require-password)/,
    setUp: async (test) => {
      const [one, other] = [
        await signUpPerson(test, test.random.hex(6)),
        await signUpPerson(test, test.random.hex(6)),
      ];
      return { one, other, phone: newNumber(test) };
    },
    send: async (test, { one, other, phone }) => {
      const contact = { kind: "phone", value: phone } as const;
      for (const { userId, password } of [one, other]) {
        const actor = { kind: "user", userId, sessionId: newKey() } as const;
        await freeLimits(test);
        const request = { contact, networks: [test.random.hex(6)] };
        await test.runOnce(["validation_failed"], addContact, actor, {
          ...request,
          secret: "not the password",
        });
        const { challengeId } = await test.run(addContact, actor, { ...request, secret: password });
        const code = await readCode(test.sql, phone);
        await test.runOnce(["code_expired"], verifyContact, actor, { challengeId, code });
        if (userId === other.userId) {
          await test.runOnce(["code_expired"], moveContactHere, actor, { challengeId });
        }
      }
      const rows =
        await test.sql`select id from users where phone = ${phone} and phone_verified_at is not null`;
      test.equal(
        rows.map(({ id }) => id),
        [other.userId.toString()],
        "the one verified owner of the number",
      );
    },
  }),
];
