import { beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createContext, createUser, fundWallet, signInFrom } from "@/e2e/support/people";
import type { DomainError } from "@/lib/errors";
import { isWalletNumber, newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { consume } from "@/lib/services/rate-limits/consume";
import type { LimitName } from "@/lib/services/rate-limits/limits";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { authenticate } from "./authenticate";
import { getProfile } from "./get-profile";
import { type SignUpInput, signUpSchema } from "./schema";
import type { KnownDevice } from "./sign-in-limits";
import { signUp } from "./sign-up";
import { findUserByEmail } from "./store";
import { updateProfile } from "./update-profile";

const PASSWORD = "le marché de Rood Woko";

describe("sign-up and sign-in", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await useDatabase();
  });

  function input(overrides: Partial<SignUpInput> = {}): SignUpInput {
    const email = `awa-${newKey()}@example.test`;
    return { ...signUpSchema.parse({ email, password: PASSWORD, firstName: "Awa" }), ...overrides };
  }

  it("sign-up makes a user and a wallet whose number has a check digit", async () => {
    const { userId, walletNumber } = await signUp(createContext(database.db), input(), [newKey()]);
    expect(isWalletNumber(walletNumber)).toBe(true);
    const context = createContext(database.db, { kind: "user", userId, sessionId: newKey() });
    expect((await getWallet(context)).balances.map(({ available }) => available.amountMinor)).toEqual([
      0n,
      0n,
    ]);
    expect(await getProfile(context)).toMatchObject({
      walletNumber,
      isEmailVerified: false,
      hasPassword: true,
    });
  });

  it("a taken address is refused, whoever wins a race of ten", async () => {
    const wanted = input();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => signUp(createContext(database.db), wanted, [newKey()])),
    );
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    expect(refused?.reason).toMatchObject({
      code: "email_taken",
      details: { issues: [{ field: "email", reason: "email_taken" }] },
    });
    const [count] = await database.owner`select count(*)::int as users, count(w.id)::int as wallets
      from users u left join wallets w on w.user_id = u.id where u.email = ${wanted.email}`;
    expect(count).toEqual({ users: 1, wallets: 1 });
  });

  it("twelve people sign up from one network address", async () => {
    const address = newKey();
    for (let n = 0; n < 12; n += 1) await signUp(createContext(database.db), input(), [address]);
  });

  it("the eleventh refused sign-up within an hour from one network address has to wait", async () => {
    const address = newKey();
    const taken = input();
    await signUp(createContext(database.db), taken, [address]);
    const ten = Array.from({ length: 10 }, () => signUp(createContext(database.db), taken, [address]));
    for (const outcome of await Promise.allSettled(ten)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "email_taken" } });
    }
    await expect(signUp(createContext(database.db), input(), [address])).rejects.toMatchObject({
      code: "rate_limited",
    });
  });

  it("refused sign-ups count for the /56 and the /48 of IPv6, weak passwords too, and before they are looked at", async () => {
    const block = newKey();
    const weak = { ...input(), password: "Password2026" };
    const from = (n: number) => [newKey(), `${block} ${n}`, block];
    const many = (tries: number, n: number) =>
      Promise.allSettled(
        Array.from({ length: tries }, () => signUp(createContext(database.db), weak, from(n))),
      );
    await many(20, 1);
    await expect(signUp(createContext(database.db), weak, from(1))).rejects.toMatchObject({
      code: "rate_limited",
    });
    await many(20, 2);
    await expect(signUp(createContext(database.db), weak, from(3))).rejects.toMatchObject({
      code: "rate_limited",
    });
    expect(await signUp(createContext(database.db), input(), [newKey()])).toHaveProperty("userId");
  });

  it.each(["Password2026", "azertyuiop1", "12345678901"])(
    "the password %s is refused and makes nobody",
    async (password) => {
      const wanted = { ...input(), password };
      await expect(signUp(createContext(database.db), wanted, [newKey()])).rejects.toMatchObject({
        code: "validation_failed",
        details: { issues: [{ field: "password", reason: "password_common" }] },
      });
      expect(await findUserByEmail(database.db, wanted.email)).toBeNull();
    },
  );

  it("the right password signs in, however the address is written", async () => {
    const { userId, email } = await createUser(database.db, { password: PASSWORD });
    const typed = { identifier: ` ${email.toUpperCase()} `, password: PASSWORD };
    expect(await authenticate(createContext(database.db), typed, signInFrom())).toMatchObject({ userId });
  });

  it("unknown, wrong, without password and frozen get the same answer", async () => {
    const known = await createUser(database.db, { password: PASSWORD });
    const withoutPassword = await createUser(database.db);
    const frozen = await createUser(database.db, { password: PASSWORD });
    await database.owner`update users set frozen_at = now() where id = ${frozen.userId.toString()}`;
    const tries = [
      { identifier: known.email, password: "un autre mot de passe" },
      { identifier: `nobody-${newKey()}@example.test`, password: PASSWORD },
      { identifier: "not an address", password: PASSWORD },
      { identifier: withoutPassword.email, password: PASSWORD },
      { identifier: frozen.email, password: PASSWORD },
    ];
    for (const typed of tries) {
      const refusal = authenticate(createContext(database.db), typed, signInFrom());
      await expect(refusal).rejects.toMatchObject({ code: "invalid_credentials", details: {} });
    }
  });

  it("30 concurrent guesses count as five, and then the right password has to wait too", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const address = newKey();
    const guess = (password: string) =>
      authenticate(createContext(database.db), { identifier: email, password }, signInFrom(address));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) => guess(`guess number ${n}`)),
    );
    const codes = outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code);
    expect(codes.filter((code) => code === "invalid_credentials")).toHaveLength(5);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(25);
    await expect(guess(PASSWORD)).rejects.toMatchObject({ code: "rate_limited" });
    // From elsewhere the owner still gets in: a stranger can't lock them out.
    await authenticate(createContext(database.db), { identifier: email, password: PASSWORD }, signInFrom());
  });

  it("strangers' wrong passwords from the same network refuse nobody's right one", async () => {
    const { userId, email } = await createUser(database.db, { password: PASSWORD });
    const address = newKey();
    for (let n = 0; n < 20; n += 1) {
      const stranger = { identifier: `${n}-${address}@example.test`, password: "x" };
      await expect(
        authenticate(createContext(database.db), stranger, signInFrom(address)),
      ).rejects.toMatchObject({ code: "invalid_credentials" });
    }
    const typed = { identifier: email, password: PASSWORD };
    expect(await authenticate(createContext(database.db), typed, signInFrom(address))).toMatchObject({
      userId,
    });
  });

  it.each([
    ["one address", 100, () => ["network"]],
    ["the /64s of one /56", 200, (n: number) => [`64 ${n}`, "56", "48"]],
    ["the /56s of one /48", 400, (n: number) => [`64 ${n}`, `56 ${n}`, "48"]],
  ])("a network gets so many wrong tries over any number of accounts: %s, %i", async (_name, limit, of) => {
    const tail = newKey();
    // As if all but five had been made: each costs the work of a hash.
    const origin = (n: number) => ({ networks: of(n).map((each) => each + tail), device: null });
    const shared = origin(0).networks.at(limit === 100 ? 0 : limit === 200 ? 1 : 2) ?? "";
    const name = { 100: "sign_in_network", 200: "sign_in_network_56", 400: "sign_in_network_48" }[limit];
    await consume(database.db, name as LimitName, [shared], undefined, limit - 5);
    const guesses = Array.from({ length: 8 }, (_, n) =>
      authenticate(
        createContext(database.db),
        { identifier: `${n}-${tail}@example.test`, password: "x" },
        origin(n + 1),
      ),
    );
    const outcomes = await Promise.allSettled(guesses);
    const codes = outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code);
    expect(codes.filter((code) => code === "invalid_credentials")).toHaveLength(5);
  });

  describe("wrong passwords for one account from everywhere", () => {
    /** `count` wrong passwords, each from another network. */
    async function attack(email: string, count: number): Promise<unknown[]> {
      const typed = { identifier: email, password: "un autre mot de passe" };
      const outcomes = await Promise.allSettled(
        Array.from({ length: count }, () => authenticate(createContext(database.db), typed, signInFrom())),
      );
      return outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code);
    }

    it("are few, and the waits grow", async () => {
      const { email } = await createUser(database.db, { password: PASSWORD });
      const evaluated: number[] = [];
      // As if half an hour passed after each round, and two hours after every other one.
      for (const round of [0, 1, 2, 3, 4]) {
        const codes = await attack(email, 20);
        evaluated.push(codes.filter((code) => code === "invalid_credentials").length);
        await endLimit("sign_in_account", ...(round % 2 === 1 ? ["sign_in_account_hours"] : []));
      }
      expect(evaluated).toEqual([10, 5, 10, 5, 0]);
      const refused = authenticate(
        createContext(database.db),
        { identifier: email, password: PASSWORD },
        signInFrom(),
      );
      const { details } = (await refused.catch((error: unknown) => error)) as DomainError;
      expect(details.retryAfterSeconds).toBeGreaterThan(11 * 3_600);
    });

    it("never lock out a device that the owner used before, and no other device gains by it", async () => {
      const { userId, email } = await createUser(database.db, { password: PASSWORD });
      await attack(email, 12);
      const device = { id: newKey(), userIds: [userId] };
      const from = (known: KnownDevice | null) => ({ networks: [newKey()], device: known });
      const right = { identifier: email, password: PASSWORD };
      const context = createContext(database.db);
      expect(await authenticate(context, right, from(device))).toMatchObject({ userId });
      const others = [null, { id: device.id, userIds: [] }, { id: newKey(), userIds: [userId + 1n] }];
      for (const other of others) {
        await expect(authenticate(context, right, from(other))).rejects.toMatchObject({
          code: "rate_limited",
        });
      }
      const wrong = { identifier: email, password: "un autre mot de passe" };
      const tries = await Promise.allSettled(
        Array.from({ length: 15 }, () => authenticate(context, wrong, from(device))),
      );
      const codes = tries.map((outcome) => outcome.status === "rejected" && outcome.reason.code);
      expect(codes.filter((code) => code === "invalid_credentials")).toHaveLength(10);
    });

    /** As if the time of these limits had passed. */
    async function endLimit(...names: string[]): Promise<void> {
      for (const name of names) {
        await database.owner`update rate_limits set expire = now() - interval '1 second' where key like ${`${name}:%`}`;
      }
    }
  });

  it("a successful sign-in doesn't count as a try", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const address = newKey();
    for (let time = 0; time < 7; time += 1) {
      await authenticate(
        createContext(database.db),
        { identifier: email, password: PASSWORD },
        signInFrom(address),
      );
    }
  });

  it("a profile changes what is named and leaves the rest", async () => {
    const { context } = await createUser(database.db, { phone: "+22670000001" });
    await updateProfile(context, { firstName: "Mariam" });
    await updateProfile(context, { locale: "en" });
    expect(await getProfile(context)).toMatchObject({
      firstName: "Mariam",
      lastName: "Traoré",
      phone: "+22670000001",
      locale: "en",
    });
    await updateProfile(context, { phone: "" });
    expect((await getProfile(context)).phone).toBeNull();
  });

  it("an anonymous caller has no profile", async () => {
    const nobody = createContext(database.db);
    await expect(getProfile(nobody)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(updateProfile(nobody, { firstName: "X" })).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });

  it("the factory funds a wallet through the ledger", async () => {
    const { context, walletId } = await createUser(database.db);
    await fundWallet(database.db, walletId, money(5_000n, "XOF"));
    await fundWallet(database.db, walletId, money(2_500n, "XOF"));
    const { balances } = await getWallet(context);
    expect(balances.find(({ currency }) => currency === "XOF")?.available.amountMinor).toBe(7_500n);
  });
});
