import { generateSync } from "otplib";
import { beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createContext, createUser, fundWallet, signInFrom } from "@/e2e/support/people";
import { createSoftwarePasskey } from "@/e2e/support/software-passkey";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { checkApiSession } from "@/lib/services/api-access/sessions/check-api-session";
import { startApiSession } from "@/lib/services/api-access/sessions/start-api-session";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { addPasskey } from "../passkeys/add-passkey";
import { authenticateWithPasskey, startPasskeySignIn } from "../passkeys/passkey-sign-in";
import { startAddingPasskey } from "../passkeys/start-adding-passkey";
import { getPinStatus } from "../pin/get-pin-status";
import { findPinReset } from "../pin/resets/get-pin-reset";
import { requestPinReset } from "../pin/resets/request-pin-reset";
import { setPin } from "../pin/set-pin";
import { findSession } from "../sessions/find-session";
import { confirmTotp } from "../totp/confirm-totp";
import { getTotpStatus } from "../totp/get-totp-status";
import { startTotp } from "../totp/start-totp";
import { authenticate } from "./authenticate";
import { getProfile } from "./get-profile";
import { type GoogleProfile, signInWithGoogle } from "./sign-in-with-google";

const PASSWORD = "le marché de Rood Woko";

describe("sign-in with Google", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await useDatabase();
  });

  function profile(overrides: Partial<GoogleProfile> = {}): GoogleProfile {
    return {
      subject: newKey(),
      email: `google-${newKey()}@example.test`,
      emailVerified: true,
      givenName: "Fatou",
      familyName: "Diop",
      pictureUrl: null,
      locale: "en",
      ...overrides,
    };
  }

  const signIn = (google: GoogleProfile) => signInWithGoogle(createContext(database.db), google);

  it("makes a user with a wallet at the first visit and finds them at the next, whatever the address is then", async () => {
    const google = profile();
    const first = await signIn(google);
    expect(first.isNew).toBe(true);
    const actor = { kind: "user", userId: first.userId, sessionId: newKey() } as const;
    expect(await getProfile(createContext(database.db, actor))).toMatchObject({
      email: google.email,
      isEmailVerified: true,
      firstName: "Fatou",
      locale: "en",
      hasPassword: false,
    });
    const later = await signIn({ ...google, email: `moved-${newKey()}@example.test`, emailVerified: false });
    expect(later).toEqual({ userId: first.userId, isNew: false });
  });

  it("links an account whose address was confirmed, and keeps its password", async () => {
    const user = await createUser(database.db, { password: PASSWORD, emailVerifiedAt: new Date() });
    const google = profile({ email: user.email.toUpperCase() });
    expect(await signIn(google)).toEqual({ userId: user.userId, isNew: false });
    const typed = { identifier: user.email, password: PASSWORD };
    expect(await authenticate(createContext(database.db), typed, signInFrom())).toMatchObject({
      userId: user.userId,
    });
  });

  it("never links by an address that Google has not verified", async () => {
    const user = await createUser(database.db);
    const google = profile({ email: user.email, emailVerified: false });
    await expect(signIn(google)).rejects.toMatchObject({ code: "email_unverified" });
    await expect(signIn(google)).rejects.toMatchObject({ code: "email_unverified" });
    const [row] = await database.owner`
      select count(*)::int as links from identities where user_id = ${user.userId.toString()}`;
    expect(row).toEqual({ links: 0 });
  });

  it("creates no user for an address that Google hasn't verified", async () => {
    const google = profile({ emailVerified: false });
    await expect(signIn(google)).rejects.toMatchObject({ code: "email_unverified" });
    expect(await database.owner`select from users where email = ${google.email}`).toHaveLength(0);
    expect(await signIn({ ...google, emailVerified: true })).toMatchObject({ isNew: true });
  });

  it("ends the access of a person who signed up with somebody else's address", async () => {
    const squatter = await createUser(database.db, { password: PASSWORD });
    const { actor } = squatter.context;
    await setPin(squatter.context, { pin: "4827" });
    const client = await startApiSession(createContext(database.db), squatter.userId);
    await signIn(profile({ email: squatter.email }));
    const typed = { identifier: squatter.email, password: PASSWORD };
    await expect(authenticate(createContext(database.db), typed, signInFrom())).rejects.toMatchObject({
      code: "invalid_credentials",
    });
    expect(await findSession(database.db, actor.kind === "user" ? actor.sessionId : "")).toBeNull();
    expect(await checkApiSession(database.db, client)).toBe(false);
    expect(await getPinStatus(squatter.context)).toMatchObject({ isSet: false, needsReset: false });
  });

  it("leaves a stranger who claimed the address no passkey, no second step and no PIN that waits", async () => {
    const squatter = await createUser(database.db, { password: PASSWORD });
    const passkey = createSoftwarePasskey();
    const answer = passkey.create(await startAddingPasskey(squatter.context, PASSWORD));
    await addPasskey(squatter.context, { answer, device: "Chrome, Android" });
    await startTotp(squatter.context, PASSWORD);
    const status = await getTotpStatus(squatter.context);
    const secret = status.state === "pending" ? status.secret : "";
    await confirmTotp(squatter.context, generateSync({ secret }));
    await setPin(squatter.context, { pin: "4907" });
    const reset = { pin: "5813", password: PASSWORD, challengeId: "", code: "" };
    await requestPinReset(squatter.context, reset);
    await signIn(profile({ email: squatter.email }));
    const anonymous = createContext(database.db);
    const signed = passkey.sign(await startPasskeySignIn(anonymous, newKey()));
    await expect(authenticateWithPasskey(anonymous, signed)).rejects.toMatchObject({
      code: "passkey_refused",
    });
    expect(await getTotpStatus(squatter.context)).toMatchObject({ state: "off" });
    expect(await findPinReset(squatter.context)).toBeNull();
  });

  it("never gets what is in an account that only claims the address: it keeps its password, and Google gets a new one", async () => {
    const used = await createUser(database.db, { password: PASSWORD });
    await fundWallet(database.db, used.walletId, money(5_000n, "XOF"));
    const numbered = await createUser(database.db, { password: PASSWORD });
    await database.owner`update users set phone = '+22676543210', phone_verified_at = now()
      where id = ${numbered.userId.toString()}`;
    for (const claimant of [used, numbered]) {
      const google = profile({ email: claimant.email });
      const made = await signIn(google);
      expect(made).toMatchObject({ isNew: true });
      expect(await signIn(google)).toEqual({ userId: made.userId, isNew: false });
      const typed = { identifier: claimant.email, password: PASSWORD };
      expect(await authenticate(createContext(database.db), typed, signInFrom())).toMatchObject({
        userId: claimant.userId,
      });
      expect(await getWallet(claimant.context)).toMatchObject({ number: claimant.walletNumber });
    }
  });

  it("an address that changed hands at Google doesn't open its former owner's wallet", async () => {
    const google = profile();
    await signIn(google);
    await expect(signIn({ ...google, subject: newKey() })).rejects.toMatchObject({ code: "email_taken" });
  });

  it("a frozen user is refused", async () => {
    const google = profile();
    const { userId } = await signIn(google);
    await database.owner`update users set frozen_at = now() where id = ${userId.toString()}`;
    await expect(signIn(google)).rejects.toMatchObject({ code: "invalid_credentials" });
  });

  it("an address that isn't one is refused", async () => {
    await expect(signIn(profile({ email: "fatou\uFF20example.test" }))).rejects.toMatchObject({
      code: "email_unverified",
    });
  });

  it("ten first visits at once make one user, one wallet and one link", async () => {
    const google = profile();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => signIn(google)));
    expect(new Set(outcomes.map(({ userId }) => userId)).size).toBe(1);
    expect(outcomes.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  it("ten links at once make one link", async () => {
    const user = await createUser(database.db);
    const google = profile({ email: user.email });
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => signIn(google)));
    expect(outcomes).toEqual(Array.from({ length: 10 }, () => ({ userId: user.userId, isNew: false })));
  });

  it("ten Google accounts that claim one address at once: the first is linked, the others are refused", async () => {
    const user = await createUser(database.db);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => signIn(profile({ email: user.email }))),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const [row] = await database.owner`
      select count(*)::int as links from identities where user_id = ${user.userId.toString()}`;
    expect(row).toEqual({ links: 1 });
  });
});
