import { randomInt } from "node:crypto";
import { encode } from "next-auth/jwt";
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { newKey, newReference } from "@/lib/ids";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { type Money, money } from "@/lib/money/money";
import { demoSecrets } from "@/lib/server/secrets";
import type { Context } from "@/lib/services/context";
import { applyCollection } from "@/lib/services/deposits/apply-collection";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { createUserWithWallet } from "@/lib/services/identity/users/create-user";
import { hashPassword } from "@/lib/services/identity/users/password";
import { listOperations } from "@/lib/services/operations/list-operations";
import { recordOperation } from "@/lib/services/operations/record";
import type { OperationView } from "@/lib/services/operations/view";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { createVault } from "@/lib/services/vaults/create-vault";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import { takeFromVault } from "@/lib/services/vaults/take-from-vault";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { APP_URL, DATA_DIR, databaseUrl, SANDBOX_URL } from "./deployment-addresses";
import { readUserState, type UserState } from "./user-state";

const SESSION_COOKIE = "cauris.session";

export { APP_URL, SANDBOX_URL };

/** Somebody with an account, an empty wallet and a session. */
export interface Person {
  userId: bigint;
  walletId: bigint;
  /** 13 digits. */
  walletNumber: string;
  email: string;
  firstName: string;
  cookie: SessionCookie;
}

/** A session, as a browser keeps it. */
export interface SessionCookie {
  name: string;
  value: string;
  url: string;
  httpOnly: true;
  sameSite: "Lax";
}

/** What the sandbox really moved. */
export interface BookEntry {
  reference: string;
  amount: number;
  method: string;
  phone: string;
  state: string;
  timesPaid: number;
  paidAmount: number | null;
  submissions: number;
}

export interface VaultMade {
  vaultId: bigint;
  put: string;
  /** Null when nothing was taken out. */
  taken: string | null;
}

/** The running deployment behind the pages: its database as the application's role, and its sandbox. */
export interface Deployment {
  /** A new person each time, so that tests share nothing; with a password when they sign in by the form. */
  createPerson(password?: string, firstName?: string): Promise<Person>;
  /** One more session of the same person: another device. */
  startSession(person: Person): Promise<SessionCookie>;
  /** Puts francs into a wallet as a paid top-up does. Answers its reference. */
  fund(person: Person, francs: bigint): Promise<string>;
  /** The same in naira, given in kobo. */
  fundNaira(person: Person, kobo: bigint): Promise<string>;
  /** Sends francs to somebody at once. Answers the transfer's reference. */
  send(person: Person, to: Person, francs: bigint, note?: string): Promise<string>;
  /** A vault with so many francs in it, of which so many were taken out again. Answers its id and what moved. */
  openVault(person: Person, name: string, francs: bigint, taken?: bigint): Promise<VaultMade>;
  operationsOf(person: Person): Promise<OperationView[]>;
  balanceOf(person: Person): Promise<{ available: bigint; held: bigint }>;
  /** All that a person has here, row by row: what did nothing leaves it as it was. */
  readUserState(person: Person): Promise<UserState>;
  book(): Promise<{ collections: BookEntry[]; payouts: BookEntry[] }>;
  setScenario(reference: string, scenario: string): Promise<void>;
  resendWebhook(reference: string): Promise<void>;
  close(): Promise<void>;
}

/** An address for mail that nobody has. */
export function newEmail(): string {
  return `${newKey()}@example.test`;
}

/** A Burkinabè mobile number that is none of the sandbox's magic ones. */
export function newPhone(): string {
  return `+22671${randomInt(1_000_000).toString().padStart(6, "0")}`;
}

export function openDeployment(): Deployment {
  const db = openDatabase(databaseUrl(), { max: 2, name: "cauris journeys" });
  const contextOf = (person: Person): Context => ({
    actor: { kind: "user", userId: person.userId, sessionId: newKey() },
    requestId: newKey(),
    db,
    now: new Date(),
  });
  return {
    createPerson: (password, firstName) => createPerson(db, password, firstName),
    startSession: (person) => createSessionCookie(db, person.userId),
    fund: (person, francs) =>
      fund(db, person, money(francs, "XOF"), { provider: "getmipay", method: "wave" }),
    fundNaira: (person, kobo) => fund(db, person, money(kobo, "NGN"), { provider: "paystack", method: null }),
    async send(person, { walletNumber }, francs, note) {
      const transfer = { walletNumber, amount: money(francs, "XOF"), note: note ?? null };
      return (await sendTransfer(contextOf(person), transfer)).reference;
    },
    openVault: (person, name, francs, taken) => openVault(contextOf(person), name, francs, taken),
    operationsOf: async (person) => (await listOperations(contextOf(person), { limit: 100 })).operations,
    async balanceOf(person) {
      const francs = (await getWallet(contextOf(person))).balances.find(({ currency }) => currency === "XOF");
      return { available: francs?.available.amountMinor ?? 0n, held: francs?.held.amountMinor ?? 0n };
    },
    readUserState: (person) => readUserState(db, person),
    book: async () => (await fetch(`${SANDBOX_URL}/_book`)).json(),
    setScenario: (reference, scenario) => tellSandbox("/_scenario", { reference, scenario }),
    resendWebhook: (reference) => tellSandbox(`/_resend/${reference}`, {}),
    close: () => closeDatabase(db),
  };
}

async function tellSandbox(address: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(SANDBOX_URL + address, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${address}`);
}

async function createPerson(db: Database, password?: string, firstName = "Aminata"): Promise<Person> {
  const email = newEmail();
  const passwordHash = password === undefined ? null : await hashPassword(password);
  const created = await inTransaction(db, (tx) =>
    createUserWithWallet(tx, { email, firstName, lastName: "Sawadogo", phone: null, passwordHash }),
  );
  if (!created) throw new Error("a new address is free");
  const { user, walletId, walletNumber } = created;
  return {
    userId: user.id,
    walletId,
    walletNumber,
    email,
    firstName,
    cookie: await createSessionCookie(db, user.id),
  };
}

async function createSessionCookie(db: Database, userId: bigint): Promise<SessionCookie> {
  const context: Context = { actor: { kind: "anonymous" }, requestId: newKey(), db, now: new Date() };
  const sid = await startSession(context, userId, "Chromium");
  const secret = demoSecrets(DATA_DIR).AUTH_SECRET;
  const value = await encode({ token: { sid }, secret, salt: SESSION_COOKIE });
  return { name: SESSION_COOKIE, value, url: APP_URL, httpOnly: true, sameSite: "Lax" };
}

async function fund(
  db: Database,
  { walletId }: Person,
  amount: Money,
  { provider, method }: { provider: string; method: string | null },
): Promise<string> {
  const context: Context = { actor: { kind: "system" }, requestId: newKey(), db, now: new Date() };
  const reference = newReference();
  const { currency, amountMinor } = amount;
  await inTransaction(db, async (tx) => {
    await openAccounts(tx, accountsOfProvider(provider, currency));
    await recordOperation(tx, context.actor, {
      reference,
      type: "deposit",
      state: "pending",
      walletId,
      currency,
      amountMinor,
      provider,
      method,
      phone: method === null ? null : newPhone(),
    });
    await applyCollection(tx, context, {
      provider,
      reference,
      providerReference: `journey-${reference}`,
      eventKey: `journey:${reference}`,
      status: "succeeded",
      amount,
      currencyCode: currency,
      reasonCode: null,
      live: null,
    });
  });
  return reference;
}

async function openVault(context: Context, name: string, francs: bigint, taken?: bigint): Promise<VaultMade> {
  const form = { name, currency: "XOF", goal: "", lockedUntil: "", key: newKey() } as const;
  const { vaultId } = await createVault(context, form);
  const order = (amount: bigint) => ({
    vaultId: vaultId.toString(),
    amount: amount.toString(),
    key: newKey(),
  });
  const put = await putIntoVault(context, order(francs));
  const out = taken === undefined ? null : await takeFromVault(context, order(taken));
  return { vaultId, put: put.operation.reference, taken: out?.operation.reference ?? null };
}
