import { beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createContext, createUser, fundWallet } from "@/e2e/support/people";
import { isWalletNumber, newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { authenticate } from "./authenticate";
import { getProfile } from "./get-profile";
import { type SignUpInput, signUpSchema } from "./schema";
import { signUp } from "./sign-up";
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
    const { userId, walletNumber } = await signUp(createContext(database.db), input(), newKey());
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
      Array.from({ length: 10 }, () => signUp(createContext(database.db), wanted, newKey())),
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

  it("the eleventh sign-up within an hour from one network address is refused", async () => {
    const address = newKey();
    const taken = input();
    await signUp(createContext(database.db), taken, address);
    const nine = Array.from({ length: 9 }, () => signUp(createContext(database.db), taken, address));
    for (const outcome of await Promise.allSettled(nine)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "email_taken" } });
    }
    await expect(signUp(createContext(database.db), input(), address)).rejects.toMatchObject({
      code: "rate_limited",
    });
  });

  it("the right password signs in, however the address is written", async () => {
    const { userId, email } = await createUser(database.db, { password: PASSWORD });
    const typed = { email: ` ${email.toUpperCase()} `, password: PASSWORD };
    expect(await authenticate(createContext(database.db), typed, newKey())).toEqual({ userId });
  });

  it("unknown, wrong, without password and frozen get the same answer", async () => {
    const known = await createUser(database.db, { password: PASSWORD });
    const withoutPassword = await createUser(database.db);
    const frozen = await createUser(database.db, { password: PASSWORD });
    await database.owner`update users set frozen_at = now() where id = ${frozen.userId.toString()}`;
    const tries = [
      { email: known.email, password: "un autre mot de passe" },
      { email: `nobody-${newKey()}@example.test`, password: PASSWORD },
      { email: "not an address", password: PASSWORD },
      { email: withoutPassword.email, password: PASSWORD },
      { email: frozen.email, password: PASSWORD },
    ];
    for (const typed of tries) {
      const refusal = authenticate(createContext(database.db), typed, newKey());
      await expect(refusal).rejects.toMatchObject({ code: "invalid_credentials", details: {} });
    }
  });

  it("does the work of a hash for an unknown address too", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const wrong = { email, password: "un autre mot de passe" };
    const unknown = { email: `nobody-${newKey()}@example.test`, password: "un autre mot de passe" };
    const cpuOf = async (typed: typeof wrong) => {
      const before = process.cpuUsage();
      await authenticate(createContext(database.db), typed, newKey()).catch(() => {});
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    await cpuOf(unknown);
    const ofWrong = Math.min(await cpuOf(wrong), await cpuOf(wrong), await cpuOf(wrong));
    const ofUnknown = Math.min(await cpuOf(unknown), await cpuOf(unknown), await cpuOf(unknown));
    // A try without a hash takes a tenth of the CPU time; the two differ by noise.
    expect(ofUnknown).toBeGreaterThan(ofWrong / 2);
  });

  it("30 concurrent guesses count as five, and then the right password has to wait too", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const address = newKey();
    const guess = (password: string) =>
      authenticate(createContext(database.db), { email, password }, address);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) => guess(`guess number ${n}`)),
    );
    const codes = outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code);
    expect(codes.filter((code) => code === "invalid_credentials")).toHaveLength(5);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(25);
    await expect(guess(PASSWORD)).rejects.toMatchObject({ code: "rate_limited" });
    // From elsewhere the owner still gets in: a stranger can't lock them out.
    await authenticate(createContext(database.db), { email, password: PASSWORD }, newKey());
  });

  it("20 wrong tries from one network address are all it gets, over any number of accounts", async () => {
    const address = newKey();
    const guess = (n: number) =>
      authenticate(
        createContext(database.db),
        { email: `${n}-${address}@example.test`, password: "x" },
        address,
      );
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => guess(n)));
    const codes = outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code);
    expect(codes.filter((code) => code === "invalid_credentials")).toHaveLength(20);
  });

  it("a successful sign-in doesn't count as a try", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const address = newKey();
    for (let time = 0; time < 7; time += 1) {
      await authenticate(createContext(database.db), { email, password: PASSWORD }, address);
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
