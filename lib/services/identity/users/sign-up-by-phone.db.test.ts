import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { newPhone, offerCodes, readCode, wrongCode } from "@/e2e/support/codes";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createContext, createUser, signInFrom } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { overrideChannels } from "@/lib/messaging/registry";
import { setVerifiedContact } from "../contacts/set-verified-contact";
import { authenticate } from "./authenticate";
import { finishSignUp, finishSignUpWithMove } from "./finish-sign-up";
import { signUpFormSchema } from "./schema";
import { startSignUp, startSignUpByEmail } from "./start-sign-up";
import { continueSignUpByEmail, getStartedSignUp, resendSignUpCode } from "./started-sign-up";

const PASSWORD = "zebu-9-kola";

let database: TestDatabase;
beforeAll(async () => {
  database = await useDatabase();
});
beforeEach(() => offerCodes());
afterEach(() => overrideChannels(null));

const anonymous = () => createContext(database.db);
const refusal = (promise: Promise<unknown>) => promise.then(() => null).catch((error: unknown) => error);

function form(phone: string, changes: Record<string, string> = {}) {
  return {
    ...signUpFormSchema.parse({ firstName: "Awa", password: PASSWORD, phone, ...changes }),
    locale: "fr" as const,
  };
}

async function begin(phone = newPhone(), changes: Record<string, string> = {}) {
  const { signUpId } = await startSignUp(anonymous(), form(phone, changes), [newKey()]);
  return { signUpId, phone, code: await readCode(database.owner, phone) };
}

const usersWith = async (phone: string) =>
  await database.owner<{ id: string; phone_verified_at: Date | null; email: string | null }[]>`
    select id, phone_verified_at, email from users where phone = ${phone}`;

/** Somebody who has verified a number, with a password. */
async function ownerOf(phone: string, email?: string) {
  const user = await createUser(database.db, {
    password: "le mot de passe d'avant",
    ...(email && { email }),
  });
  await inTransaction(database.db, (tx) =>
    setVerifiedContact(tx, user.userId, { kind: "phone", value: phone }),
  );
  return user;
}

describe("sign-up by phone number", () => {
  it("makes the account with its wallet when the code is right, and not before", async () => {
    const { signUpId, phone, code } = await begin();
    expect(await usersWith(phone)).toHaveLength(0);
    const outcome = await finishSignUp(anonymous(), { signUpId, code });
    expect(outcome.status).toBe("signed_up");
    const [user] = await usersWith(phone);
    expect(user).toMatchObject({ email: null, phone_verified_at: expect.any(Date) });
    const wallets = await database.owner`select 1 from wallets where user_id = ${user?.id ?? ""}`;
    expect(wallets).toHaveLength(1);
    for (const identifier of [phone, phone.slice(4), `00${phone.slice(1)}`]) {
      expect(await authenticate(anonymous(), { identifier, password: PASSWORD }, signInFrom())).toMatchObject(
        {
          userId: BigInt(user?.id ?? 0),
        },
      );
    }
  });

  it("makes one account of 30 right codes at once", async () => {
    const { signUpId, phone, code } = await begin();
    await Promise.allSettled(Array.from({ length: 30 }, () => finishSignUp(anonymous(), { signUpId, code })));
    expect(await usersWith(phone)).toHaveLength(1);
  });

  it("answers the same account to the same code again, after a double tap, and to no other code", async () => {
    const { signUpId, code } = await begin();
    const first = await finishSignUp(anonymous(), { signUpId, code });
    expect(await finishSignUp(anonymous(), { signUpId, code })).toEqual(first);
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await refusal(finishSignUp(anonymous(), { signUpId, code: wrongCode(code) }))).toMatchObject({
        code: "code_expired",
      });
    }
    expect(await refusal(finishSignUp(anonymous(), { signUpId, code }))).toMatchObject({
      code: "code_expired",
    });
  });

  it("makes none of five wrong codes, and of the right one after them", async () => {
    const { signUpId, phone, code } = await begin();
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await refusal(finishSignUp(anonymous(), { signUpId, code: wrongCode(code) }))).toMatchObject({
        code: "code_wrong",
      });
    }
    expect(await refusal(finishSignUp(anonymous(), { signUpId, code }))).toMatchObject({
      code: "code_expired",
    });
    expect(await usersWith(phone)).toHaveLength(0);
    // Asking again brings a new one.
    await resendAfterAMinute(signUpId);
    const next = await readCode(database.owner, phone);
    expect(await finishSignUp(anonymous(), { signUpId, code: next })).toMatchObject({ status: "signed_up" });
  });

  it.each(["", "not an id", newKey()])("of %j, which nobody began, is over", async (signUpId) => {
    expect(await refusal(finishSignUp(anonymous(), { signUpId, code: "123456" }))).toMatchObject({
      code: "code_expired",
    });
    expect(await getStartedSignUp(anonymous(), signUpId)).toBeNull();
    expect(await refusal(finishSignUpWithMove(anonymous(), { signUpId }))).toMatchObject({
      code: "code_expired",
    });
  });

  it("takes a password of eight characters, and none that is guessed first", async () => {
    expect(form(newPhone(), { password: "kz7-qmv2" }).password).toBe("kz7-qmv2");
    expect(() => form(newPhone(), { password: "kz7-qmv" })).toThrow("password_too_short");
    const weak = form(newPhone(), { password: "Password2026" });
    expect(await refusal(startSignUp(anonymous(), weak, [newKey()]))).toMatchObject({
      code: "validation_failed",
      details: { issues: [{ field: "password", reason: "password_common" }] },
    });
  });

  it("keeps an address typed beside it unverified, and leaves out one that somebody has without telling", async () => {
    const free = `free-${newKey()}@example.test`;
    const first = await begin(newPhone(), { email: free });
    await finishSignUp(anonymous(), first);
    expect((await usersWith(first.phone))[0]).toMatchObject({ email: free });
    const second = await begin(newPhone(), { email: free });
    expect(await finishSignUp(anonymous(), second)).toMatchObject({ status: "signed_up" });
    expect((await usersWith(second.phone))[0]).toMatchObject({ email: null });
  });

  it("goes on by e-mail where the SMS doesn't come: the address is verified then, and the number isn't", async () => {
    const { signUpId, phone, code } = await begin();
    const email = `instead-${newKey()}@example.test`;
    await continueSignUpByEmail(anonymous(), { signUpId, email, networks: [newKey()] });
    expect(await refusal(finishSignUp(anonymous(), { signUpId, code }))).toMatchObject({
      code: "code_wrong",
    });
    const byEmail = await readCode(database.owner, email);
    expect(await finishSignUp(anonymous(), { signUpId, code: byEmail })).toMatchObject({
      status: "signed_up",
    });
    expect(await usersWith(phone)).toHaveLength(0);
    const [user] = await database.owner`select email_verified_at from users where email = ${email}`;
    expect(user?.email_verified_at).toBeInstanceOf(Date);
  });

  it("sends the same code again after a minute", async () => {
    const { signUpId, phone, code } = await begin();
    const again = resendSignUpCode(anonymous(), { signUpId, networks: [newKey()] });
    expect(await refusal(again)).toMatchObject({ code: "rate_limited" });
    await resendAfterAMinute(signUpId);
    expect(await readCode(database.owner, phone)).toBe(code);
    const sent = await database.owner`
      select 1 from outgoing_messages where channel = 'sms' and recipient = ${phone}`;
    expect(sent).toHaveLength(2);
  });

  async function resendAfterAMinute(signUpId: string): Promise<void> {
    await database.owner`update contact_codes set sent_at = now() - interval '61 seconds'
      where id = (select code_id from started_sign_ups where id = ${signUpId})`;
    await resendSignUpCode(anonymous(), { signUpId, networks: [newKey()] });
  }
});

describe("a number of an older account", () => {
  it("is answered like any other until the code is right, then a question is asked", async () => {
    const phone = newPhone();
    const owner = await ownerOf(phone);
    const { signUpId, code } = await begin(phone);
    expect(await getStartedSignUp(anonymous(), signUpId)).toMatchObject({ isProven: false });
    expect(await finishSignUp(anonymous(), { signUpId, code })).toEqual({ status: "belongs_to_other" });
    expect(await getStartedSignUp(anonymous(), signUpId)).toMatchObject({ isProven: true });
    expect(await usersWith(phone)).toEqual([expect.objectContaining({ id: owner.userId.toString() })]);
  });

  it("moves only after a right code and an explicit wish; the older account keeps its wallet and password, and is told", async () => {
    const phone = newPhone();
    const owner = await ownerOf(phone);
    const { signUpId, code } = await begin(phone);
    expect(await refusal(finishSignUpWithMove(anonymous(), { signUpId }))).toMatchObject({
      code: "code_expired",
    });
    await finishSignUp(anonymous(), { signUpId, code });
    const moves = await Promise.allSettled(
      Array.from({ length: 10 }, () => finishSignUpWithMove(anonymous(), { signUpId })),
    );
    expect(moves.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const [holder] = await usersWith(phone);
    expect(BigInt(holder?.id ?? 0)).not.toBe(owner.userId);
    const [wallet] =
      await database.owner`select number from wallets where user_id = ${owner.userId.toString()}`;
    expect(wallet?.number).toBe(owner.walletNumber);
    const notices = await database.owner`select kind from notices where user_id = ${owner.userId.toString()}`;
    expect(notices.map(({ kind }) => kind)).toContain("phone_moved_away");
    // Each password opens its own account.
    const by = (password: string) => authenticate(anonymous(), { identifier: phone, password }, signInFrom());
    expect(await by(PASSWORD)).toMatchObject({ userId: BigInt(holder?.id ?? 0) });
    expect(await by("le mot de passe d'avant")).toMatchObject({ userId: owner.userId });
  });

  it("doesn't move a quarter of an hour after the code", async () => {
    const phone = newPhone();
    await ownerOf(phone);
    const { signUpId, code } = await begin(phone);
    await finishSignUp(anonymous(), { signUpId, code });
    await database.owner`update contact_codes set proven_at = now() - interval '16 minutes' where contact = ${phone}`;
    expect(await refusal(finishSignUpWithMove(anonymous(), { signUpId }))).toMatchObject({
      code: "code_expired",
    });
  });

  it("takes as long to sign up with as a number that nobody has", async () => {
    const took = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 12; round += 1) {
      for (const which of ["known", "unknown"] as const) {
        const phone = newPhone();
        if (which === "known") await ownerOf(phone);
        const from = performance.now();
        await startSignUp(anonymous(), form(phone), [newKey()]);
        took[which].push(performance.now() - from);
      }
    }
    const [known, unknown] = [median(took.known), median(took.unknown)];
    expect(Math.abs(known - unknown)).toBeLessThan(Math.max(known, unknown) / 2);
  });

  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
});

describe("an address that an account claims without having verified it", () => {
  it("is proven by who has it: they get an account of their own, and the other keeps its password", async () => {
    const claimant = await createUser(database.db, { password: "le mot de passe d'avant" });
    const { email } = claimant;
    const input = form("", { email, password: "kz7-qmv2-9x" });
    const { signUpId } = await startSignUpByEmail(anonymous(), input, [newKey()]);
    const code = await readCode(database.owner, email);
    const outcome = await finishSignUp(anonymous(), { signUpId, code });
    expect(outcome.status).toBe("signed_up");
    const by = (password: string) => authenticate(anonymous(), { identifier: email, password }, signInFrom());
    expect(await by("kz7-qmv2-9x")).toMatchObject({ userId: "userId" in outcome && outcome.userId });
    expect(await by("le mot de passe d'avant")).toMatchObject({ userId: claimant.userId });
  });

  it("once verified is taken", async () => {
    const { email } = await createUser(database.db, { emailVerifiedAt: new Date() });
    const input = form("", { email, password: "kz7-qmv2-9x" });
    expect(await refusal(startSignUpByEmail(anonymous(), input, [newKey()]))).toMatchObject({
      code: "email_taken",
    });
  });
});

describe("sign-in by phone number", () => {
  it("never works with a number that the account hasn't verified", async () => {
    const phone = newPhone();
    await createUser(database.db, { password: PASSWORD, phone });
    const typed = { identifier: phone, password: PASSWORD };
    expect(await refusal(authenticate(anonymous(), typed, signInFrom()))).toMatchObject({
      code: "invalid_credentials",
    });
  });

  it("counts wrong passwords by number and by address together", async () => {
    const phone = newPhone();
    const { email } = await ownerOf(phone);
    const network = newKey();
    const guess = (identifier: string) =>
      refusal(authenticate(anonymous(), { identifier, password: "x" }, signInFrom(network)));
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) => guess(n % 2 === 0 ? phone : email)),
    );
    const codes = outcomes.map((each) => (each as { code: string }).code);
    expect(codes.filter((code) => code === "invalid_credentials")).toHaveLength(5);
  });
});

describe("two accounts of one number", () => {
  it("give the one who has the number now no more guesses at the other's password, from however many devices", async () => {
    const phone = newPhone();
    const former = await ownerOf(phone);
    const holder = await createUser(database.db, { password: PASSWORD });
    await inTransaction(database.db, (tx) =>
      setVerifiedContact(tx, holder.userId, { kind: "phone", value: phone }),
    );
    const guess = (password: string) => {
      const device = { id: newKey(), userIds: [holder.userId] };
      return refusal(
        authenticate(anonymous(), { identifier: phone, password }, { networks: [newKey()], device }),
      );
    };
    const codes: unknown[] = [];
    for (let n = 0; n < 12; n += 1) codes.push(((await guess("a guess")) as { code: string }).code);
    expect(codes.filter((code) => code === "invalid_credentials")).toHaveLength(10);
    expect(codes.at(-1)).toBe("rate_limited");
    // The holder's own password is compared first, on a device of theirs.
    expect(await guess(PASSWORD)).toBeNull();
    const { email } = former;
    const typed = { identifier: email, password: "le mot de passe d'avant" };
    expect(await refusal(authenticate(anonymous(), typed, signInFrom()))).toMatchObject({
      code: "rate_limited",
    });
  });
});

describe("where no SMS can be sent", () => {
  it("a number alone isn't enough, and beside an address nothing changes", () => {
    offerCodes("email");
    expect(() => form(newPhone())).toThrow("required");
    expect(() => form(newPhone(), { email: "a@example.test" })).not.toThrow();
    expect(() => form(newPhone(), { email: "a@example.test", password: "kz7-qmv2" })).toThrow("too_short");
  });
});
