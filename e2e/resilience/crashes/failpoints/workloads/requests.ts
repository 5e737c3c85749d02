// What workloads request of the API, and pay at the provider.

import { ifRefused } from "../child-process";
import { ANONYMOUS, type CrashTest, type Person } from "../crash-test";

export const XOF = (random: CrashTest["random"]) => ({
  amount: random.int(3_000, 90_000),
  currency: "XOF",
  method: random.pick(["wave", "orange_money"]),
  phone: "+22670000001",
});
export const NGN = (random: CrashTest["random"]) => ({
  amount: random.int(300_000, 9_000_000),
  currency: "NGN",
  method: "card",
});

/** Requests a deposit. Returns its reference, or null when the outcome stays unknown. */
export async function startDeposit(test: CrashTest, person: Person, body: object): Promise<string | null> {
  test.expectOperations(person);
  const response = await test.post(person, "/api/wallet/deposit", body, test.key());
  const isUnknown = response.code === "outcome_unknown";
  test.check(response.status === 200 || isUnknown, `a deposit is started or unknown, not ${response.code}`);
  const { reference } = response.body;
  return typeof reference === "string" ? reference : null;
}

/** Pays every open collection at the provider, also those whose response never reached the API. */
export async function payAll(test: CrashTest, person: Person): Promise<void> {
  for (const entry of await test.entriesOf(person, "collection")) {
    if (entry.approval === null) await test.pay(entry);
  }
}

const BANK = { bank_code: "058", account_number: "0123456789" };

/** Requests a withdrawal in francs to a phone. Returns its reference. */
export async function withdrawToPhone(
  test: CrashTest,
  person: Person,
  amount = test.random.int(3_000, 40_000),
): Promise<string> {
  test.expectOperations(person);
  const body = { amount, currency: "XOF", method: "wave", phone: "+22670000001" };
  return String((await test.postOk(person, "/api/wallet/withdraw", body, test.key())).reference);
}

/** Requests a withdrawal in kobo to a bank account. Returns its reference. */
export async function withdrawToBank(
  test: CrashTest,
  person: Person,
  naira = test.random.int(3_000, 40_000),
): Promise<string> {
  test.expectOperations(person);
  const body = { amount: naira * 100, currency: "NGN", method: "bank", ...BANK };
  return String((await test.postOk(person, "/api/wallet/withdraw", body, test.key())).reference);
}

/** Signs a new user up with a password. */
export async function signUp(test: CrashTest, address: string): Promise<{ email: string; password: string }> {
  const credentials = {
    email: `user-${test.random.hex(6)}@example.test`,
    password: `password-${test.random.hex(8)}`,
  };
  const profile = {
    ...credentials,
    firstName: "Awa",
    lastName: "Traoré",
    phone: "",
    phoneCountry: "BF",
    locale: "fr",
  } as const;
  // email_taken: the attempt whose response was lost had signed up.
  await test.harness.verb("signUp", ANONYMOUS, profile, address).catch(ifRefused("email_taken", null));
  return credentials;
}
