import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser } from "@/e2e/support/people";
import { DomainError, type ErrorCode } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import type { GoogleProfile } from "@/lib/services/identity/users/sign-in-with-google";
import { beginGoogleSignIn, hashOfState } from "./begin-google-sign-in";
import { finishGoogleSignIn, type RedeemCode } from "./finish-google-sign-in";
import { SWEPT_AT_ONCE_MAX } from "./policy";
import { sweepOauthRequests } from "./store";

const { db, owner } = await useDatabase();
const anonymous = createContext(db);

function profile(overrides: Partial<GoogleProfile> = {}): GoogleProfile {
  return {
    subject: newKey(),
    email: `google-${newKey()}@example.test`,
    emailVerified: true,
    givenName: "Fatou",
    familyName: "Diop",
    pictureUrl: null,
    locale: "fr",
    ...overrides,
  };
}

const begin = () => beginGoogleSignIn(anonymous);
const finish = (state: string, redeem: RedeemCode = async () => profile()) =>
  finishGoogleSignIn(anonymous, state, redeem);
const failing = (code: ErrorCode) => async () => {
  throw new DomainError(code);
};

async function isStored(state: string): Promise<boolean> {
  const rows = await owner`select from oauth_requests where state_hash = ${hashOfState(state)}`;
  return rows.length > 0;
}

describe("signing in with Google for an API client", () => {
  it("keeps nonce and verifier under the state's hash for ten minutes, and returns them for redemption", async () => {
    const request = await begin();
    for (const secret of Object.values(request)) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(Object.values(request)).size).toBe(3);
    const [row] = await owner`
      select oauth_requests::text as whole, extract(epoch from expires_at - created_at)::int as seconds
      from oauth_requests where state_hash = ${hashOfState(request.state)}`;
    expect(row?.whole).not.toContain(request.state);
    expect(row?.seconds).toBe(600);
    let asked: unknown;
    const tokens = await finish(request.state, async (proof) => {
      asked = proof;
      return profile();
    });
    expect(asked).toMatchObject({ nonce: request.nonce, codeVerifier: request.codeVerifier });
    expect(tokens.refresh).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it("a state is accepted once, also of eight concurrent callbacks", async () => {
    const { state } = await begin();
    const google = profile();
    let redeemed = 0;
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        finish(state, async () => {
          redeemed += 1;
          return google;
        }),
      ),
    );
    const codes = tries.map((result) => (result.status === "fulfilled" ? "ok" : result.reason.code));
    expect(codes.sort()).toEqual(["ok", ...Array(7).fill("sign_in_failed")]);
    expect(redeemed).toBe(1);
    await expect(finish(state)).rejects.toMatchObject({ code: "sign_in_failed" });
  });

  it("an unknown or expired state is refused without a call to Google", async () => {
    const { state } = await begin();
    await owner`update oauth_requests set expires_at = clock_timestamp() where state_hash = ${hashOfState(state)}`;
    for (const wrong of [state, newKey(), "", "x".repeat(4_000)]) {
      const unasked = async () => expect.unreachable();
      await expect(finish(wrong, unasked)).rejects.toMatchObject({ code: "sign_in_failed" });
    }
  });

  it("a state is used up by a code that Google refuses, but not while Google can't be reached", async () => {
    const [spent, kept] = [await begin(), await begin()];
    await expect(finish(spent.state, failing("sign_in_failed"))).rejects.toMatchObject({
      code: "sign_in_failed",
    });
    expect(await isStored(spent.state)).toBe(false);
    await expect(finish(kept.state, failing("provider_unavailable"))).rejects.toMatchObject({
      code: "provider_unavailable",
    });
    await finish(kept.state);
  });

  it("refuses an address that Google hasn't verified", async () => {
    const user = await createUser(db);
    for (const { email } of [user, profile()]) {
      const { state } = await begin();
      const unverified = async () => profile({ email, emailVerified: false });
      await expect(finish(state, unverified)).rejects.toMatchObject({ code: "email_unverified" });
    }
  });

  it("a frozen user is refused with sign_in_failed", async () => {
    const google = profile();
    const { userId } = await finish((await begin()).state, async () => google);
    await owner`update users set frozen_at = now() where id = ${userId.toString()}`;
    await expect(finish((await begin()).state, async () => google)).rejects.toMatchObject({
      code: "sign_in_failed",
    });
  });

  it("expired requests are deleted", async () => {
    const { state } = await begin();
    await owner`update oauth_requests set expires_at = now() - interval '1 minute'
      where state_hash = ${hashOfState(state)}`;
    await begin();
    expect(await isStored(state)).toBe(false);
  });

  it("a sign-in that begins while another deletes expired requests doesn't wait", async () => {
    const { state } = await begin();
    await owner`update oauth_requests set expires_at = now() - interval '1 minute'
      where state_hash = ${hashOfState(state)}`;
    let begun: Promise<unknown> = Promise.resolve();
    await inTransaction(db, async (tx) => {
      await sweepOauthRequests(tx, SWEPT_AT_ONCE_MAX);
      begun = begin();
      const late = sleep(5_000, "late", { ref: false });
      expect(await Promise.race([begun, late])).not.toBe("late");
    });
    await begun;
    expect(await isStored(state)).toBe(false);
  });
});
