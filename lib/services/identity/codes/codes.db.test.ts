import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { newPhone, offerCodes } from "@/e2e/support/codes";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createContext, createUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { overrideChannels } from "@/lib/messaging/registry";
import type { Context } from "@/lib/services/context";
import { consume } from "@/lib/services/rate-limits/consume";
import { LIMITS } from "@/lib/services/rate-limits/limits";
import { checkCode, takeProof } from "./check-code";
import { codeText } from "./code-texts";
import { codeOf } from "./code-value";
import { type CodePurpose, TRIES_MAX } from "./policy";
import { type CodeRequest, requestCode, resendCode } from "./request-code";

let database: TestDatabase;
beforeAll(async () => {
  database = await useDatabase();
});

beforeEach(() => offerCodes());
afterEach(() => overrideChannels(null));

const anonymous = () => createContext(database.db);

function request(changes: Partial<CodeRequest> = {}): CodeRequest {
  const contact = { kind: "phone", value: newPhone() } as const;
  return { purpose: "sign_up", contact, userId: null, locale: "fr", networks: [newKey()], ...changes };
}

async function challenge(changes: Partial<CodeRequest> = {}, context: Context = anonymous()) {
  const wanted = request(changes);
  const { challengeId } = await requestCode(context, wanted);
  const { purpose, contact } = wanted;
  const code = codeOf({ id: challengeId, purpose, contact: contact.value });
  return { challengeId, purpose, code, contact, wrong: code === "000000" ? "000001" : "000000" };
}

const refusal = (promise: Promise<unknown>) => promise.then(() => null).catch((error: unknown) => error);

describe("codes", () => {
  it("prove the contact that they were sent to, typed with spaces too", async () => {
    const { challengeId, purpose, code, contact } = await challenge();
    const typed = `${code.slice(0, 3)} ${code.slice(3)}`;
    const proof = await checkCode(anonymous(), { challengeId, purpose, code: typed });
    expect(proof).toEqual({ challengeId, contact, userId: null });
  });

  it("are good once", async () => {
    const { challengeId, purpose, code } = await challenge();
    await checkCode(anonymous(), { challengeId, purpose, code });
    expect(await refusal(checkCode(anonymous(), { challengeId, purpose, code }))).toMatchObject({
      code: "code_expired",
    });
  });

  it("let one of 30 parallel right answers through", async () => {
    const { challengeId, purpose, code } = await challenge();
    const tries = Array.from({ length: 30 }, () => checkCode(anonymous(), { challengeId, purpose, code }));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("compare exactly five of 30 parallel wrong answers, and no right one after that", async () => {
    const { challengeId, purpose, code, wrong } = await challenge();
    const tries = Array.from({ length: 30 }, () =>
      refusal(checkCode(anonymous(), { challengeId, purpose, code: wrong })),
    );
    const codes = (await Promise.all(tries)).map((error) => (error as { code: string }).code);
    expect(codes.filter((each) => each === "code_wrong")).toHaveLength(5);
    expect(codes.filter((each) => each === "code_expired")).toHaveLength(25);
    expect(await refusal(checkCode(anonymous(), { challengeId, purpose, code }))).toMatchObject({
      code: "code_expired",
    });
  });

  it("say how many tries are left", async () => {
    const { challengeId, purpose, wrong } = await challenge();
    for (const triesLeft of [4, 3, 2, 1, 0]) {
      expect(await refusal(checkCode(anonymous(), { challengeId, purpose, code: wrong }))).toMatchObject({
        code: "code_wrong",
        details: { triesLeft },
      });
    }
  });

  it("end after ten minutes", async () => {
    const { challengeId, purpose, code } = await challenge();
    await database.owner`update contact_codes set expires_at = now() where id = ${challengeId}`;
    expect(await refusal(checkCode(anonymous(), { challengeId, purpose, code }))).toMatchObject({
      code: "code_expired",
    });
  });

  it.each<CodePurpose>(["recover_password", "reset_pin"])("are not good for %s", async (purpose) => {
    const { challengeId, code } = await challenge();
    expect(await refusal(checkCode(anonymous(), { challengeId, purpose, code }))).toMatchObject({
      code: "code_expired",
    });
  });

  it("of an account are good for its signed-in person only", async () => {
    const [owner, other] = await Promise.all([createUser(database.db), createUser(database.db)]);
    const purpose = "verify_contact" as const;
    const made = await challenge({ purpose, userId: owner.userId }, owner.context);
    const typed = { challengeId: made.challengeId, purpose, code: made.code };
    for (const context of [other.context, anonymous()]) {
      expect(await refusal(checkCode(context, typed))).toMatchObject({ code: "code_expired" });
    }
    const guess = { ...typed, code: made.wrong };
    await Promise.all(Array.from({ length: TRIES_MAX }, () => refusal(checkCode(other.context, guess))));
    expect(await refusal(checkCode(owner.context, guess))).toMatchObject({
      details: { triesLeft: TRIES_MAX - 1 },
    });
    expect(await checkCode(owner.context, typed)).toMatchObject({ userId: owner.userId });
  });

  it("of one challenge are not good for another", async () => {
    const [first, second] = [await challenge(), await challenge()];
    expect(first.code === second.code).toBe(false);
    const typed = { challengeId: second.challengeId, purpose: second.purpose, code: first.code };
    expect(await refusal(checkCode(anonymous(), typed))).toMatchObject({ code: "code_wrong" });
  });

  it.each(["", "not an id", newKey()])("refuse the challenge %j", async (challengeId) => {
    const typed = { challengeId, purpose: "sign_up", code: "123456" } as const;
    expect(await refusal(checkCode(anonymous(), typed))).toMatchObject({ code: "code_expired" });
  });

  it("are six digits, spread over all of them", () => {
    const codes = Array.from({ length: 2000 }, () =>
      codeOf({ id: newKey(), purpose: "sign_up", contact: "x" }),
    );
    expect(codes.every((code) => /^[0-9]{6}$/.test(code))).toBe(true);
    expect(new Set(codes.map((code) => code.slice(0, 1))).size).toBe(10);
    expect(new Set(codes).size).toBeGreaterThan(1980);
  });
});

describe("proofs", () => {
  it("are used once", async () => {
    const { challengeId, purpose, code } = await challenge();
    const use = () => inTransaction(database.db, (tx) => takeProof(tx, challengeId, purpose));
    expect(await refusal(use())).toMatchObject({ code: "code_expired" });
    await checkCode(anonymous(), { challengeId, purpose, code });
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, use));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("messages with codes", () => {
  const sentTo = async (contact: string) =>
    await database.owner`select channel from outgoing_messages where recipient = ${contact}`;

  it("leave for a number at sign-up, and for a contact of an account", async () => {
    const { contact } = await challenge();
    expect(await sentTo(contact.value)).toEqual([{ channel: "sms" }]);
    const email = { kind: "email", value: `${newKey()}@example.test` } as const;
    const owner = await createUser(database.db);
    await challenge({ purpose: "recover_password", contact: email, userId: owner.userId });
    expect(await sentTo(email.value)).toEqual([{ channel: "email" }]);
  });

  it("don't leave for a contact that nobody has, which is answered the same", async () => {
    const { contact, challengeId, purpose, wrong } = await challenge({ purpose: "recover_password" });
    expect(await sentTo(contact.value)).toEqual([]);
    expect(await refusal(checkCode(anonymous(), { challengeId, purpose, code: wrong }))).toMatchObject({
      code: "code_wrong",
    });
  });

  it("take as long for a contact that nobody has", async () => {
    const owner = await createUser(database.db);
    const took = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 15; round += 1) {
      for (const which of ["known", "unknown"] as const) {
        const contact = { kind: "email", value: `${newKey()}@example.test` } as const;
        const userId = which === "known" ? owner.userId : null;
        const from = performance.now();
        await requestCode(anonymous(), request({ purpose: "recover_password", contact, userId }));
        took[which].push(performance.now() - from);
      }
    }
    const [known, unknown] = [median(took.known), median(took.unknown)];
    // Without the message the work is less than half.
    expect(unknown / known).toBeGreaterThan(0.6);
    expect(unknown / known).toBeLessThan(1.6);
  });

  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

  it("are refused where no channel is configured", async () => {
    offerCodes("email");
    expect(await refusal(requestCode(anonymous(), request()))).toMatchObject({ code: "method_unavailable" });
  });

  it.each(["fr", "en"] as const)(
    "fit one segment of an SMS in %s, and hide the code from the subject",
    (locale) => {
      const { subject, text } = codeText("888888", locale);
      // GSM 03.38's basic alphabet, of which a segment holds 160.
      expect(text).toMatch(/^[\w @£$¥èéùìòÇØøÅåÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà]{1,160}$/);
      expect(subject).not.toContain("888888");
    },
  );
});

describe("limits of codes", () => {
  it("send five an hour to one number, whoever asks", async () => {
    const contact = { kind: "phone", value: newPhone() } as const;
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () => refusal(requestCode(anonymous(), request({ contact })))),
    );
    expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(5);
    for (const outcome of outcomes.filter((each) => each !== null)) {
      expect(outcome).toMatchObject({ code: "rate_limited" });
    }
  });

  it("count a number that nobody has like one that somebody has", async () => {
    const owner = await createUser(database.db);
    for (const userId of [owner.userId, null]) {
      const contact = { kind: "phone", value: newPhone() } as const;
      const wanted = () => request({ purpose: "recover_password", contact, userId });
      for (let sent = 0; sent < 5; sent += 1) await requestCode(anonymous(), wanted());
      expect(await refusal(requestCode(anonymous(), wanted()))).toMatchObject({ code: "rate_limited" });
    }
  });

  it("bound one network, its /56 and its /48", async () => {
    const [a, b, c] = [newKey(), newKey(), newKey()];
    const [near, middle, far] = ["code_network", "code_network_56", "code_network_48"] as const;
    const from = (...networks: string[]) => refusal(requestCode(anonymous(), request({ networks })));
    // As if all but one had been sent.
    await consume(database.db, near, [a], undefined, LIMITS[near].points - 1);
    expect(await from(a, b, c)).toBeNull();
    expect(await from(a, b, c)).toMatchObject({ code: "rate_limited" });
    await consume(database.db, middle, [b], undefined, LIMITS[middle].points - 2);
    expect(await from(newKey(), b, c)).toBeNull();
    expect(await from(newKey(), b, c)).toMatchObject({ code: "rate_limited" });
    await consume(database.db, far, [c], undefined, LIMITS[far].points - 3);
    expect(await from(newKey(), newKey(), c)).toBeNull();
    expect(await from(newKey(), newKey(), c)).toMatchObject({ code: "rate_limited" });
  });

  it("send again after a minute, the same code, three times in all", async () => {
    const { challengeId, purpose, code } = await challenge();
    const again = () => resendCode(anonymous(), { challengeId, purpose, networks: [newKey()] });
    const later = () =>
      database.owner`update contact_codes set sent_at = now() - interval '61 seconds' where id = ${challengeId}`;
    expect(await refusal(again())).toMatchObject({ code: "rate_limited" });
    for (let sent = 0; sent < 2; sent += 1) {
      await later();
      await again();
    }
    await later();
    expect(await refusal(again())).toMatchObject({ code: "code_expired" });
    await checkCode(anonymous(), { challengeId, purpose, code });
  });
});
