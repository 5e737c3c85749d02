import { generateSync } from "otplib";
import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { authenticate } from "../users/authenticate";
import { checkSecondStep } from "./check-second-step";
import { confirmTotp } from "./confirm-totp";
import { disableTotp } from "./disable-totp";
import { getTotpStatus } from "./get-totp-status";
import { startTotp } from "./start-totp";

const { db, owner } = await useDatabase();

const PASSWORD = "le mil pousse bien";
const WRONG = {
  code: "validation_failed",
  details: { issues: [{ field: "code", reason: "second_step_wrong" }] },
};
const LIMITED = { code: "rate_limited" };

/** An instant some steps of 30 seconds from a fixed one, so that no test runs over the end of a step. */
const START = Math.floor(Date.now() / 30_000) * 30_000 + 10_000;
const at = (steps: number) => new Date(START + steps * 30_000);
const by = ({ context }: TestUser, steps = 0) => ({ ...context, requestId: newKey(), now: at(steps) });
const codeAt = (secret: string, steps = 0) => generateSync({ secret, epoch: at(steps).getTime() / 1_000 });

async function started(): Promise<{ user: TestUser; secret: string }> {
  const user = await createUser(db, { password: PASSWORD });
  await startTotp(by(user), PASSWORD);
  const status = await getTotpStatus(user.context);
  return { user, secret: status.state === "pending" ? status.secret : "" };
}

/** A user whose app gave its code of step 0. */
async function enrolled() {
  const { user, secret } = await started();
  const { recoveryCodes } = await confirmTotp(by(user), codeAt(secret));
  return { user, secret, recoveryCodes };
}

async function signIn({ email }: TestUser) {
  const { passwordHash: _, ...signedIn } = await authenticate(
    { actor: { kind: "anonymous" }, requestId: newKey(), db, now: new Date() },
    { identifier: email, password: PASSWORD },
    { networks: [newKey()], device: null },
  );
  return signedIn;
}
const step = (user: TestUser, code: string, steps = 0) => checkSecondStep(by(user, steps), user.userId, code);

describe("switching the second step on", () => {
  it("takes the password, shows a secret for the app, and counts nothing before its first code", async () => {
    const { user, secret } = await started();
    const status = await getTotpStatus(user.context);
    expect(status).toMatchObject({ state: "pending", uri: expect.stringContaining(`secret=${secret}`) });
    expect(await signIn(user)).toEqual({ userId: user.userId });
    await expect(confirmTotp(by(user), "000000")).rejects.toMatchObject(WRONG);
    const { recoveryCodes } = await confirmTotp(by(user), codeAt(secret));
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(await getTotpStatus(user.context)).toMatchObject({ state: "on", recoveryCodesLeft: 10 });
    expect(await signIn(user)).toEqual({ userId: user.userId, needsSecondStep: true });
  });

  it("isn't for a wrong password, nor for an account without one", async () => {
    const user = await createUser(db, { password: PASSWORD });
    const other = await createUser(db);
    const wrong = { code: "validation_failed" };
    await expect(startTotp(by(user), "another password")).rejects.toMatchObject(wrong);
    await expect(startTotp(by(other), PASSWORD)).rejects.toMatchObject(wrong);
    expect(await getTotpStatus(other.context)).toEqual({ state: "off", isAvailable: false });
  });

  it("happens once: neither a new secret nor new recovery codes are made for one in use", async () => {
    const { user, secret } = await enrolled();
    await expect(startTotp(by(user), PASSWORD)).rejects.toMatchObject({ code: "second_step_on" });
    await expect(confirmTotp(by(user, 1), codeAt(secret, 1))).rejects.toMatchObject({
      code: "second_step_on",
    });
  });

  it("tells the person, and keeps neither secret nor recovery codes readable", async () => {
    const { user, secret, recoveryCodes } = await enrolled();
    const id = user.userId.toString();
    const notices = await owner`select kind from notices where user_id = ${id} and kind like 'totp%'`;
    expect(notices).toMatchObject([{ kind: "totp_enabled" }]);
    const [row] =
      await owner`select t.secret, (select string_agg(encode(hash, 'escape'), ' ') from totp_recovery_codes
      where user_id = ${id}) as hashes from totp_secrets t where user_id = ${id}`;
    const stored = `${(row?.secret as Buffer | undefined)?.toString("latin1")} ${row?.hashes}`;
    for (const text of [secret, ...recoveryCodes]) expect(stored).not.toContain(text);
  });
});

describe("the second step", () => {
  it("takes the present code, one step early or late, and never the same one twice", async () => {
    const { user, secret } = await enrolled();
    await expect(step(user, codeAt(secret), 0)).rejects.toMatchObject(WRONG);
    await step(user, codeAt(secret, 1), 1);
    await expect(step(user, codeAt(secret, 1), 1)).rejects.toMatchObject(WRONG);
    await step(user, ` ${codeAt(secret, 3)} `, 2);
    // A step that is older than the last one is used up too.
    await expect(step(user, codeAt(secret, 2), 3)).rejects.toMatchObject(WRONG);
    await step(user, codeAt(secret, 4), 5);
  });

  it("refuses codes of other times", async () => {
    const { user, secret } = await enrolled();
    await expect(step(user, codeAt(secret, 3), 5)).rejects.toMatchObject(WRONG);
    await expect(step(user, codeAt(secret, 8), 5)).rejects.toMatchObject(WRONG);
  });

  it("takes one of thirty tries with the right code at once, and five wrong ones in all", async () => {
    const { user, secret } = await enrolled();
    const many = (code: string, steps: number) =>
      Promise.allSettled(Array.from({ length: 30 }, () => step(user, code, steps)));
    const right = await many(codeAt(secret, 1), 1);
    expect(right.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { user: other } = await enrolled();
    const tries = Array.from({ length: 30 }, (_, index) => step(other, String(100_000 + index), 1));
    const wrong = (await Promise.allSettled(tries)).map((each) =>
      each.status === "rejected" ? (each.reason as { code: string }).code : "right",
    );
    expect(wrong.filter((code) => code === "validation_failed")).toHaveLength(5);
    expect(wrong.filter((code) => code === "rate_limited")).toHaveLength(25);
  });

  it("waits after five wrong codes, also with the right one", async () => {
    const { user, secret } = await enrolled();
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(step(user, "000000", 1)).rejects.toMatchObject(WRONG);
    }
    await expect(step(user, codeAt(secret, 1), 1)).rejects.toMatchObject(LIMITED);
  });

  it("takes each recovery code once, however it is typed", async () => {
    const { user, recoveryCodes } = await enrolled();
    const [first = "", second = ""] = recoveryCodes;
    await step(user, first.toUpperCase().replace("-", " "));
    await expect(step(user, first)).rejects.toMatchObject(WRONG);
    const tries = Array.from({ length: 5 }, () => step(user, second));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await getTotpStatus(user.context)).toMatchObject({ recoveryCodesLeft: 8 });
  });

  it("takes nobody else's codes", async () => {
    const { user } = await enrolled();
    const other = await enrolled();
    await expect(step(user, codeAt(other.secret, 1), 1)).rejects.toMatchObject(WRONG);
    await expect(step(user, other.recoveryCodes[0] ?? "")).rejects.toMatchObject(WRONG);
  });
});

describe("switching it off", () => {
  it("takes the password and a code, tells the person, and ends the recovery codes", async () => {
    const { user, secret, recoveryCodes } = await enrolled();
    const off = (password: string, code: string) => disableTotp(by(user, 1), { password, code });
    await expect(off("another password", codeAt(secret, 1))).rejects.toMatchObject({
      code: "validation_failed",
    });
    await expect(off(PASSWORD, "000000")).rejects.toMatchObject(WRONG);
    await off(PASSWORD, codeAt(secret, 1));
    expect(await signIn(user)).toEqual({ userId: user.userId });
    await expect(step(user, recoveryCodes[0] ?? "")).rejects.toMatchObject(WRONG);
    await expect(off(PASSWORD, codeAt(secret, 1))).rejects.toMatchObject({ code: "not_found" });
    const notices = await owner`select kind from notices
      where user_id = ${user.userId.toString()} and kind like 'totp%' order by id`;
    expect(notices.map(({ kind }) => kind)).toEqual(["totp_enabled", "totp_disabled"]);
  });
});
