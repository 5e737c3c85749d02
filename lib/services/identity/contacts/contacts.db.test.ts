import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { newPhone, offerCodes, readCode, wrongCode } from "@/e2e/support/codes";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createContext, createUser, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { overrideChannels } from "@/lib/messaging/registry";
import { getProfile } from "../users/get-profile";
import { updateProfile } from "../users/update-profile";
import { addContact, getAddedContact, moveContactHere, verifyContact } from "./add-contact";
import type { Contact } from "./contact";
import { findNoticeAddresses } from "./find-notice-addresses";
import { setVerifiedContact } from "./set-verified-contact";

const PASSWORD = "le mil pousse bien";

let database: TestDatabase;
beforeAll(async () => {
  database = await useDatabase();
});
beforeEach(() => offerCodes());
afterEach(() => overrideChannels(null));

const refusal = (promise: Promise<unknown>) => promise.then(() => null).catch((error: unknown) => error);
const phone = (): Contact => ({ kind: "phone", value: newPhone() });
const email = (): Contact => ({ kind: "email", value: `${newKey()}@example.test` });

async function add(user: TestUser, contact: Contact, secret = PASSWORD) {
  const { challengeId } = await addContact(user.context, { contact, secret, networks: [newKey()] });
  return { challengeId, code: await readCode(database.owner, contact.value) };
}

const noticesOf = async ({ userId }: TestUser) =>
  (
    await database.owner<{ kind: string }[]>`select kind from notices where user_id = ${userId.toString()}`
  ).map(({ kind }) => kind);

describe("contacts", () => {
  it.each([
    ["phone", phone],
    ["email", email],
  ] as const)("a %s is the account's own after its code, which is told", async (kind, make) => {
    const user = await createUser(database.db, { password: PASSWORD });
    const contact = make();
    const { challengeId, code } = await add(user, contact);
    expect((await findNoticeAddresses(database.db, user.userId))?.[kind]).toBeNull();
    expect(await verifyContact(user.context, { challengeId, code })).toEqual({ status: "verified" });
    expect((await findNoticeAddresses(database.db, user.userId))?.[kind]).toBe(contact.value);
    expect(await noticesOf(user)).toContain(`${kind}_added`);
    expect(await getAddedContact(user.context, challengeId)).toBeNull();
  });

  it("only by the right code, of the same account", async () => {
    const [user, other] = await Promise.all([
      createUser(database.db, { password: PASSWORD }),
      createUser(database.db, { password: PASSWORD }),
    ]);
    const { challengeId, code } = await add(user, phone());
    for (const context of [other.context, createContext(database.db)]) {
      expect(await refusal(verifyContact(context, { challengeId, code }))).toMatchObject({
        code: context === other.context ? "code_expired" : "unauthenticated",
      });
    }
    expect(await getAddedContact(other.context, challengeId)).toBeNull();
    const wrong = { challengeId, code: wrongCode(code) };
    expect(await refusal(verifyContact(user.context, wrong))).toMatchObject({ code: "code_wrong" });
    await verifyContact(user.context, { challengeId, code });
    expect(await refusal(verifyContact(user.context, { challengeId, code }))).toMatchObject({
      code: "code_expired",
    });
  });

  it("need the password or the PIN, since they can recover the account; the address of the sign-up doesn't", async () => {
    const user = await createUser(database.db, { password: PASSWORD, pin: TEST_PIN });
    for (const secret of ["", "not the password", "1357"]) {
      expect(await refusal(add(user, phone(), secret))).toMatchObject({
        details: { issues: [{ field: "secret" }] },
      });
    }
    await add(user, phone(), TEST_PIN);
    await add(user, phone(), PASSWORD);
    const { challengeId, code } = await add(user, { kind: "email", value: user.email }, "");
    await verifyContact(user.context, { challengeId, code });
    expect((await getProfile(user.context)).isEmailVerified).toBe(true);
  });

  it("that are verified aren't verified again, nor changed in the profile", async () => {
    const user = await createUser(database.db, { password: PASSWORD });
    const own = phone();
    await verifyContact(user.context, await add(user, own));
    expect(await refusal(add(user, own))).toMatchObject({ code: "validation_failed" });
    await updateProfile(user.context, { phone: "70 11 22 33" });
    await updateProfile(user.context, { phone: "" });
    expect(await getProfile(user.context)).toMatchObject({ phone: own.value, isPhoneVerified: true });
  });

  it.each([
    ["phone", phone],
    ["email", email],
  ] as const)(
    "a %s of another account is answered like any other, and moves only as the person asks",
    async (kind, make) => {
      const contact = make();
      const [owner, user] = await Promise.all([
        createUser(database.db, { password: PASSWORD }),
        createUser(database.db, { password: PASSWORD }),
      ]);
      await inTransaction(database.db, (tx) => setVerifiedContact(tx, owner.userId, contact));
      const { challengeId, code } = await add(user, contact);
      expect(await refusal(moveContactHere(user.context, { challengeId }))).toMatchObject({
        code: "code_expired",
      });
      expect(await verifyContact(user.context, { challengeId, code })).toEqual({
        status: "belongs_to_other",
      });
      expect((await findNoticeAddresses(database.db, owner.userId))?.[kind]).toBe(contact.value);
      expect(await refusal(moveContactHere(owner.context, { challengeId }))).toMatchObject({
        code: "code_expired",
      });
      await moveContactHere(user.context, { challengeId });
      expect((await findNoticeAddresses(database.db, user.userId))?.[kind]).toBe(contact.value);
      expect((await findNoticeAddresses(database.db, owner.userId))?.[kind]).toBeNull();
      expect(await noticesOf(owner)).toContain(`${kind}_moved_away`);
      expect(await refusal(moveContactHere(user.context, { challengeId }))).toMatchObject({
        code: "code_expired",
      });
    },
  );

  it("have one verified owner, whoever proves them at once", async () => {
    const contact = phone();
    const people = await Promise.all(
      Array.from({ length: 6 }, () => createUser(database.db, { password: PASSWORD })),
    );
    await Promise.all(
      people.map(({ userId }) => inTransaction(database.db, (tx) => setVerifiedContact(tx, userId, contact))),
    );
    const rows = await database.owner`
      select id from users where phone = ${contact.value} and phone_verified_at is not null`;
    expect(rows).toHaveLength(1);
  });
});
