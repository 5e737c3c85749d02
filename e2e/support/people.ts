import type { Database } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { config } from "@/lib/config";
import { newKey, newReference } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import type { Money } from "@/lib/money/money";
import type { Context } from "@/lib/services/context";
import { applyCollection } from "@/lib/services/deposits/apply-collection";
import { hashPin } from "@/lib/services/identity/pin/pin-hash";
import { insertPin } from "@/lib/services/identity/pin/store";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { createUserWithWallet } from "@/lib/services/identity/users/create-user";
import { hashPassword } from "@/lib/services/identity/users/password";
import type { SignInOrigin } from "@/lib/services/identity/users/sign-in-limits";
import { recordOperation } from "@/lib/services/operations/record";

/** The provider of the deposits that fund test wallets. */
const TEST_PROVIDER = "test";

export interface UserOverrides {
  email?: string;
  /** Only hashed when given, since that takes 50 ms. */
  password?: string | undefined;
  /** Set only when given, {@link TEST_PIN} for most tests: money out asks for it. */
  pin?: string;
  firstName?: string;
  lastName?: string;
  phone?: string | null;
  locale?: "fr" | "en";
  emailVerifiedAt?: Date | undefined;
  phoneVerifiedAt?: Date | undefined;
}

export interface TestUser {
  userId: bigint;
  email: string;
  walletId: bigint;
  walletNumber: string;
  /** The user as actor, with a live session. */
  context: Context;
}

/** The PIN of most test users who have one. */
export const TEST_PIN = "4907";

/** By secret and PIN: hashing one takes 50 ms, and each deployment that a process starts has a secret of its own. */
const pinHashes = new Map<string, Promise<string>>();

/** The hash of a PIN, which one process makes once. */
export function knownPinHash(pin: string): Promise<string> {
  const name = `${config().pinSecrets[0]}:${pin}`;
  const hash = pinHashes.get(name) ?? hashPin(pin);
  pinHashes.set(name, hash);
  return hash;
}

/** Sets a user's first PIN. */
export async function givePin(db: Database, userId: bigint, pin = TEST_PIN): Promise<void> {
  const hash = await knownPinHash(pin);
  const isSet = await inTransaction(db, async (tx) => await insertPin(tx, userId, hash));
  invariant(isSet, "a test user gets one PIN");
}

/** A sign-in from a device that nobody used before, in a network of its own unless one is given. */
export function signInFrom(network: string = newKey()): SignInOrigin {
  return { networks: [network], device: null };
}

/** A context of `actor`, anonymous unless given. */
export function createContext(db: Database, actor: Context["actor"] = { kind: "anonymous" }): Context {
  return { actor, requestId: newKey(), db, now: new Date() };
}

/** A user with a wallet and a live session. */
export async function createUser(db: Database, overrides: UserOverrides = {}): Promise<TestUser> {
  const { password, pin, ...named } = overrides;
  const values = {
    email: `user-${newKey()}@example.test`,
    firstName: "Awa",
    lastName: "Traoré",
    ...named,
    passwordHash: password === undefined ? null : await hashPassword(password),
  };
  const created = await inTransaction(db, (tx) => createUserWithWallet(tx, values));
  invariant(created, "a test's e-mail address is free");
  const { user, walletId, walletNumber } = created;
  if (pin !== undefined) await givePin(db, user.id, pin);
  const sessionId = await startSession(createContext(db), user.id, "Test");
  const context = createContext(db, { kind: "user", userId: user.id, sessionId });
  return { userId: user.id, email: values.email, walletId, walletNumber, context };
}

/** Where a deposit of a test comes from. */
export interface DepositSource {
  provider: string;
  method: string | null;
  phone: string | null;
}

const TEST_SOURCE: DepositSource = { provider: TEST_PROVIDER, method: "wave", phone: "+22670000001" };

/** Records a deposit that waits for its payer. Returns its reference. */
export async function recordPendingDeposit(
  db: Database,
  walletId: bigint,
  { currency, amountMinor }: Money,
  source: DepositSource = TEST_SOURCE,
): Promise<string> {
  const reference = newReference();
  const values = { reference, type: "deposit", state: "pending", walletId, currency, amountMinor } as const;
  await inTransaction(db, async (tx) => {
    await openAccounts(tx, accountsOfProvider(source.provider, currency));
    await recordOperation(tx, { kind: "provider", name: source.provider }, { ...values, ...source });
  });
  return reference;
}

/** Credits a wallet by a deposit that its provider confirms. Returns the deposit's reference. */
export async function fundWallet(
  db: Database,
  walletId: bigint,
  amount: Money,
  source: DepositSource = TEST_SOURCE,
): Promise<string> {
  const { provider } = source;
  const reference = await recordPendingDeposit(db, walletId, amount, source);
  const update = {
    provider,
    reference,
    eventKey: reference,
    status: "succeeded" as const,
    providerReference: `funds-${reference}`,
    amount,
    currencyCode: amount.currency,
    reasonCode: null,
    live: null,
  };
  const context = createContext(db, { kind: "provider", name: provider });
  const outcome = await inTransaction(db, (tx) => applyCollection(tx, context, update));
  invariant(outcome.note === "credited", "a test's deposit is credited");
  return reference;
}

/** A user whose wallet holds these amounts; zeros are left out. */
export async function createFundedUser(db: Database, ...amounts: Money[]): Promise<TestUser> {
  const user = await createUser(db);
  for (const amount of amounts) {
    if (amount.amountMinor > 0n) await fundWallet(db, user.walletId, amount);
  }
  return user;
}
