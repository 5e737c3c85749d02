// The second step of signing in: switched on, used, switched off.
import { generateSync } from "otplib";
import { checkSecondStep } from "@/lib/services/identity/totp/check-second-step";
import { confirmTotp } from "@/lib/services/identity/totp/confirm-totp";
import { disableTotp } from "@/lib/services/identity/totp/disable-totp";
import { getTotpStatus } from "@/lib/services/identity/totp/get-totp-status";
import { startTotp } from "@/lib/services/identity/totp/start-totp";
import { ANONYMOUS, type CrashTest, workload } from "../crash-test";
import { signUpPerson } from "./access";

const STEP_MS = 30_000;
/** An attempt whose answer was lost may have used its code up: the next one takes the code of a later step. */
const REFUSED = ["validation_failed", "rate_limited", "second_step_on", "not_found"];

async function setUp(test: CrashTest) {
  const { userId, password } = await signUpPerson(test, test.random.hex(6));
  return { password, actor: { kind: "user", userId, sessionId: "none" } as const };
}

export const SECOND_STEP = [
  workload({
    name: "the second step of signing in is switched on, used, and switched off",
    reaches: /^identity\/totp\//,
    setUp,
    send: async (test, { actor, password }) => {
      const user = actor.userId.toString();
      let [shiftMs, secret] = [0, ""];
      /** The clock goes on, so that each attempt has a code of its own. */
      const nextCode = () => {
        shiftMs += 2 * STEP_MS;
        test.harness.shift(shiftMs);
        return generateSync({ secret, epoch: (Date.now() + shiftMs) / 1_000 });
      };
      const isOn = async () =>
        (await test.sql`select 1 from totp_secrets where user_id = ${user} and confirmed_at is not null`)
          .length > 0;
      const attempt = async (isDone: () => Promise<boolean>, work: () => Promise<unknown>) => {
        for (let tries = 0; tries < 4 && !(await isDone()); tries += 1) await work();
      };
      await test.run(startTotp, actor, password);
      const status = await test.run(getTotpStatus, actor);
      secret = status.state === "pending" ? status.secret : "";
      await attempt(isOn, () => test.runOnce(REFUSED, confirmTotp, actor, nextCode()));
      test.equal(await isOn(), true, "a second step that was switched on");
      const codes = await test.sql`select 1 from totp_recovery_codes where user_id = ${user}`;
      test.equal(codes.length, 10, "recovery codes");
      await test.runOnce(REFUSED, checkSecondStep, ANONYMOUS, actor.userId, nextCode());
      await test.runOnce(REFUSED, checkSecondStep, ANONYMOUS, actor.userId, "abcde-fghjk");
      // Tries whose answer was lost stay counted: a real person would wait a quarter of an hour.
      await test.sql`delete from rate_limits where key like 'second_step%'`;
      const off = () => test.runOnce(REFUSED, disableTotp, actor, { password, code: nextCode() });
      await attempt(async () => !(await isOn()), off);
      test.equal(await isOn(), false, "a second step that was switched off");
      const notices = await test.sql`select kind from notices
        where user_id = ${user} and kind like 'totp%' order by id`;
      const kinds = notices.map(({ kind }) => kind);
      test.equal(kinds, ["totp_enabled", "totp_disabled"], "notices of a second step");
      test.harness.shift(0);
    },
  }),
];
