import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { createSoftwarePasskey, type SoftwarePasskey } from "@/e2e/support/software-passkey";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { confirmTransfer } from "@/lib/services/transfers/confirm-transfer";
import { quoteTransfer } from "@/lib/services/transfers/quote-transfer";
import { addPasskey } from "./add-passkey";
import { startConfirmation } from "./check-confirmation";
import { hasPasskeys, listPasskeys } from "./list-passkeys";
import { authenticateWithPasskey, startPasskeySignIn } from "./passkey-sign-in";
import { removePasskey } from "./remove-passkey";
import { startAddingPasskey } from "./start-adding-passkey";

const { db, owner } = await useDatabase();

const REFUSED = { code: "passkey_refused" };
const anonymous = () => ({ actor: { kind: "anonymous" } as const, requestId: newKey(), db, now: new Date() });
const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);

async function addTo({ context }: TestUser, passkey = createSoftwarePasskey()): Promise<SoftwarePasskey> {
  const answer = passkey.create(await startAddingPasskey(context, TEST_PIN));
  await addPasskey(context, { answer, device: "Chrome, Android" });
  return passkey;
}

async function personWithPasskey() {
  const user = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, user.walletId, money(10_000n, "XOF"));
  return { user, passkey: await addTo(user) };
}

async function quoteFor(user: TestUser): Promise<string> {
  const { walletNumber } = await createUser(db);
  const typed = { walletNumber, amount: "1000", currency: "XOF" as const, note: "" };
  return (await quoteTransfer(user.context, typed)).quoteId;
}

async function startSignIn() {
  return await startPasskeySignIn(anonymous(), newKey());
}

describe("a new passkey", () => {
  it("is listed with its device, and its owner is told", async () => {
    const { user, passkey } = await personWithPasskey();
    expect(await listPasskeys(user.context)).toMatchObject([{ name: "Chrome, Android", lastUsedAt: null }]);
    expect(await hasPasskeys(user.context)).toBe(true);
    const rows = await owner`select kind, details from notices
      where user_id = ${user.userId.toString()} and kind like 'passkey%'`;
    expect(rows).toMatchObject([{ kind: "passkey_added", details: { name: "Chrome, Android" } }]);
    expect((await startAddingPasskey(user.context, TEST_PIN)).options.excludeCredentials).toMatchObject([
      { id: passkey.credentialId },
    ]);
  });

  it("takes the PIN: neither a stolen session nor the password adds one", async () => {
    const user = await createUser(db, { pin: TEST_PIN, password: "a long password" });
    await expect(startAddingPasskey(user.context, "")).rejects.toMatchObject({ code: "pin_required" });
    await expect(startAddingPasskey(user.context, "9999")).rejects.toMatchObject({ code: "pin_wrong" });
    await expect(startAddingPasskey(user.context, "a long password")).rejects.toMatchObject({
      code: "validation_failed",
    });
  });

  it("takes the password of an account without a PIN", async () => {
    const user = await createUser(db, { password: "a long password" });
    await expect(startAddingPasskey(user.context, "another password")).rejects.toMatchObject({
      code: "validation_failed",
    });
    await expect(startAddingPasskey(user.context, "a long password")).resolves.toHaveProperty("challengeId");
  });

  it("isn't made of an answer that is late, repeated, another person's, another site's, or without the owner's check", async () => {
    const user = await createUser(db, { pin: TEST_PIN });
    const other = await createUser(db, { pin: TEST_PIN });
    const add = (context: TestUser["context"], answer: string) =>
      addPasskey(context, { answer, device: "Chrome" });
    const start = () => startAddingPasskey(user.context, TEST_PIN);
    const passkey = createSoftwarePasskey();
    await expect(
      add({ ...user.context, now: later(6) }, passkey.create(await start())),
    ).rejects.toMatchObject(REFUSED);
    await expect(add(other.context, passkey.create(await start()))).rejects.toMatchObject(REFUSED);
    const evil = { origin: "https://evil.example" };
    await expect(add(user.context, passkey.create(await start(), evil))).rejects.toMatchObject(REFUSED);
    await expect(add(user.context, passkey.create(await start(), { rpId: "evil" }))).rejects.toMatchObject(
      REFUSED,
    );
    const unverified = passkey.create(await start(), { isVerified: false });
    await expect(add(user.context, unverified)).rejects.toMatchObject(REFUSED);
    for (const answer of ["", "{", "null", "{}", '{"challengeId":"x","response":{}}']) {
      await expect(add(user.context, answer)).rejects.toMatchObject(REFUSED);
    }
    const answer = passkey.create(await start());
    await add(user.context, answer);
    await expect(add(user.context, answer)).rejects.toMatchObject(REFUSED);
    expect(await listPasskeys(user.context)).toHaveLength(1);
  });

  it("stays with its owner: nobody else stores the same credential", async () => {
    const { passkey } = await personWithPasskey();
    const thief = await createUser(db, { pin: TEST_PIN });
    await expect(addTo(thief, passkey)).rejects.toMatchObject(REFUSED);
  });

  it("is one of ten at most, also with many at once", async () => {
    const user = await createUser(db, { pin: TEST_PIN });
    const requests = [];
    for (let count = 0; count < 14; count += 1)
      requests.push(await startAddingPasskey(user.context, TEST_PIN));
    await Promise.allSettled(
      requests.map((request) =>
        addPasskey(user.context, { answer: createSoftwarePasskey().create(request), device: "Chrome" }),
      ),
    );
    expect(await listPasskeys(user.context)).toHaveLength(10);
    await expect(startAddingPasskey(user.context, TEST_PIN)).rejects.toMatchObject({
      code: "passkey_limit_reached",
    });
  });

  it("is removed by its owner alone, who is told", async () => {
    const { user, passkey } = await personWithPasskey();
    const other = await createUser(db);
    const [{ id } = { id: "0" }] = await listPasskeys(user.context);
    await expect(removePasskey(other.context, BigInt(id))).rejects.toMatchObject({ code: "not_found" });
    await removePasskey(user.context, BigInt(id));
    await expect(removePasskey(user.context, BigInt(id))).rejects.toMatchObject({ code: "not_found" });
    const answer = passkey.sign(await startSignIn());
    await expect(authenticateWithPasskey(anonymous(), answer)).rejects.toMatchObject(REFUSED);
    const rows = await owner`select kind from notices
      where user_id = ${user.userId.toString()} and kind like 'passkey%' order by id`;
    expect(rows.map(({ kind }) => kind)).toEqual(["passkey_added", "passkey_removed"]);
  });
});

describe("a sign-in with a passkey", () => {
  it("finds the person, once for each challenge", async () => {
    const { user, passkey } = await personWithPasskey();
    const answer = passkey.sign(await startSignIn());
    expect(await authenticateWithPasskey(anonymous(), answer)).toEqual({ userId: user.userId });
    await expect(authenticateWithPasskey(anonymous(), answer)).rejects.toMatchObject(REFUSED);
    expect((await listPasskeys(user.context))[0]?.lastUsedAt).toBeInstanceOf(Date);
  });

  it("takes one of thirty answers at once", async () => {
    const { passkey } = await personWithPasskey();
    const answer = passkey.sign(await startSignIn());
    const tries = Array.from({ length: 30 }, () => authenticateWithPasskey(anonymous(), answer));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it.each([
    ["a forged signature", { isForged: true }],
    ["another site", { origin: "https://evil.example" }],
    ["another host", { rpId: "evil.example" }],
    ["a device that didn't check its owner", { isVerified: false }],
  ])("is refused for %s", async (_, options) => {
    const { passkey } = await personWithPasskey();
    const answer = passkey.sign(await startSignIn(), options);
    await expect(authenticateWithPasskey(anonymous(), answer)).rejects.toMatchObject(REFUSED);
  });

  it("is refused for a device whose count goes back: it was copied", async () => {
    const { passkey } = await personWithPasskey();
    await authenticateWithPasskey(anonymous(), passkey.sign(await startSignIn(), { counter: 7 }));
    const copy = passkey.sign(await startSignIn(), { counter: 5 });
    await expect(authenticateWithPasskey(anonymous(), copy)).rejects.toMatchObject(REFUSED);
  });

  it("is refused late, for an unknown passkey and for a frozen account", async () => {
    const { user, passkey } = await personWithPasskey();
    const late = passkey.sign(await startSignIn());
    await expect(authenticateWithPasskey({ ...anonymous(), now: later(6) }, late)).rejects.toMatchObject(
      REFUSED,
    );
    const unknown = createSoftwarePasskey().sign(await startSignIn());
    await expect(authenticateWithPasskey(anonymous(), unknown)).rejects.toMatchObject(REFUSED);
    await owner`update users set frozen_at = now() where id = ${user.userId.toString()}`;
    const frozen = passkey.sign(await startSignIn());
    await expect(authenticateWithPasskey(anonymous(), frozen)).rejects.toMatchObject(REFUSED);
  });

  it("is begun so often from one network only", async () => {
    const network = newKey();
    const tries = Array.from({ length: 101 }, () => startPasskeySignIn(anonymous(), network));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === "rejected")).toHaveLength(1);
  });
});

describe("money out that a passkey confirms", () => {
  it("is sent without the PIN, and again answered with the same transfer", async () => {
    const { user, passkey } = await personWithPasskey();
    const quoteId = await quoteFor(user);
    const answer = passkey.sign(await startConfirmation(user.context, quoteId));
    const sent = await confirmTransfer(user.context, { quoteId, pin: "", passkey: answer });
    expect(await confirmTransfer(user.context, { quoteId, pin: "", passkey: answer })).toEqual(sent);
  });

  it("is that of its own quote: the answer for another one, for a sign-in or for a new passkey counts nothing", async () => {
    const { user, passkey } = await personWithPasskey();
    const [quoteId, otherQuoteId] = [await quoteFor(user), await quoteFor(user)];
    const answers = [
      passkey.sign(await startConfirmation(user.context, otherQuoteId)),
      passkey.sign(await startSignIn()),
      passkey.sign(await startAddingPasskey(user.context, TEST_PIN)),
      createSoftwarePasskey().sign(await startConfirmation(user.context, quoteId)),
    ];
    for (const answer of answers) {
      await expect(
        confirmTransfer(user.context, { quoteId, pin: "", passkey: answer }),
      ).rejects.toMatchObject(REFUSED);
    }
    // What was answered for the wrong quote is used up.
    await expect(
      confirmTransfer(user.context, { quoteId: otherQuoteId, pin: "", passkey: answers[0] ?? "" }),
    ).rejects.toMatchObject(REFUSED);
    const signIn = passkey.sign(await startConfirmation(user.context, quoteId));
    await expect(authenticateWithPasskey(anonymous(), signIn)).rejects.toMatchObject(REFUSED);
  });

  it("is its owner's: another person's passkey confirms nothing", async () => {
    const { user } = await personWithPasskey();
    const thief = await personWithPasskey();
    const quoteId = await quoteFor(user);
    const answer = thief.passkey.sign(await startConfirmation(user.context, quoteId));
    await expect(confirmTransfer(user.context, { quoteId, pin: "", passkey: answer })).rejects.toMatchObject(
      REFUSED,
    );
    const theirs = thief.passkey.sign(await startConfirmation(thief.user.context, quoteId));
    await expect(confirmTransfer(user.context, { quoteId, pin: "", passkey: theirs })).rejects.toMatchObject(
      REFUSED,
    );
  });

  it("isn't asked for of somebody without a passkey", async () => {
    const user = await createUser(db, { pin: TEST_PIN });
    await expect(startConfirmation(user.context, newKey())).rejects.toMatchObject(REFUSED);
  });
});
