import { randomInt } from "node:crypto";
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { replaceEnvironment } from "@/lib/config";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { applicationEnvironment } from "@/lib/server/environment";
import { demoSecrets } from "@/lib/server/secrets";
import { serverSettings } from "@/lib/server/server-settings";
import type { Context } from "@/lib/services/context";
import { setVerifiedContact } from "@/lib/services/identity/contacts/set-verified-contact";
import { listOperations } from "@/lib/services/operations/list-operations";
import type { OperationView } from "@/lib/services/operations/view";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { createVault } from "@/lib/services/vaults/create-vault";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import { takeFromVault } from "@/lib/services/vaults/take-from-vault";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { createBrowserSession, SESSION_COOKIE } from "./credentials";
import { APP_PORT, APP_URL, DATA_DIR, databaseUrl, SANDBOX_URL } from "./deployment-addresses";
import { createContext, createUser, fundWallet, givePin } from "./people";
import { PIN } from "./pin-page";
import { readUserState, type UserState } from "./user-state";

export { APP_URL, SANDBOX_URL };

/** A user with an empty wallet and a session. */
export interface Person {
  userId: bigint;
  walletId: bigint;
  /** 13 digits. */
  walletNumber: string;
  email: string;
  firstName: string;
  cookie: SessionCookie;
}

/** A session cookie in Playwright's form. */
export interface SessionCookie {
  name: string;
  value: string;
  url: string;
  httpOnly: true;
  sameSite: "Lax";
}

/** An entry of the sandbox's book: what the provider really moved. */
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

export interface VaultOptions {
  /** Francs that are taken out again. */
  taken?: bigint;
  /** As typed. */
  goal?: string;
  /** A day such as `2027-01-31`. */
  lockedUntil?: string;
}

export interface VaultMade {
  vaultId: bigint;
  put: string;
  /** Null when nothing was taken out. */
  taken: string | null;
}

/** The deployment that Playwright tests run against: its database as the application's role, and its sandbox. */
export interface Deployment {
  /** A new person. Give a password to sign in by the form. */
  createPerson(password?: string, firstName?: string): Promise<Person>;
  /** One more session of the same person, as on another device. */
  startSession(person: Person): Promise<SessionCookie>;
  /** Funds a wallet in francs by a paid deposit. Returns its reference. */
  fund(person: Person, francs: bigint): Promise<string>;
  /** The same in naira; the amount is in kobo. */
  fundNaira(person: Person, kobo: bigint): Promise<string>;
  /** Transfers francs. Returns the transfer's reference. */
  send(person: Person, to: Person, francs: bigint, note?: string): Promise<string>;
  /** Opens a vault, puts francs in and takes some out again. Returns its id and the references. */
  openVault(person: Person, name: string, francs: bigint, more?: VaultOptions): Promise<VaultMade>;
  /** Gives the person the PIN of journeys. */
  givePin(person: Person): Promise<void>;
  /** Verifies a new number of the person's. Returns it, E.164. */
  verifyPhone(person: Person): Promise<string>;
  /** The person as actor of a verb that this process calls. */
  contextOf(person: Person): Context;
  operationsOf(person: Person): Promise<OperationView[]>;
  balanceOf(person: Person): Promise<{ available: bigint; held: bigint }>;
  /** Everything that a person has in the database, to compare before and after. */
  readUserState(person: Person): Promise<UserState>;
  book(): Promise<{ collections: BookEntry[]; payouts: BookEntry[] }>;
  setScenario(reference: string, scenario: string): Promise<void>;
  resendWebhook(reference: string): Promise<void>;
  close(): Promise<void>;
}

/** An unused e-mail address. */
export function newEmail(): string {
  return `${newKey()}@example.test`;
}

/** A Burkinabè mobile number for which the sandbox behaves normally. */
function newPhone(): string {
  return `+22671${randomInt(1_000_000).toString().padStart(6, "0")}`;
}

/** Verbs that this process calls then read the application's configuration, and call the deployment's sandbox. */
export function configureAsDeployment(): void {
  const settings = serverSettings({ CAURIS_MODE: "demo", DATA_DIR, PORT: String(APP_PORT) });
  replaceEnvironment(applicationEnvironment(settings, databaseUrl(), false));
}

export function openDeployment(): Deployment {
  configureAsDeployment();
  const db = openDatabase(databaseUrl(), { max: 2, name: "cauris journeys" });
  const contextOf = ({ userId }: Person): Context =>
    createContext(db, { kind: "user", userId, sessionId: newKey() });
  return {
    createPerson: (password, firstName) => createPerson(db, password, firstName),
    startSession: (person) => createSessionCookie(db, person.userId),
    fund: ({ walletId }, francs) =>
      fundWallet(db, walletId, money(francs, "XOF"), {
        provider: "getmipay",
        method: "wave",
        phone: newPhone(),
      }),
    fundNaira: ({ walletId }, kobo) =>
      fundWallet(db, walletId, money(kobo, "NGN"), { provider: "paystack", method: null, phone: null }),
    async send(person, { walletNumber }, francs, note) {
      const transfer = { walletNumber, amount: money(francs, "XOF"), note: note ?? null };
      return (await sendTransfer(contextOf(person), transfer)).reference;
    },
    openVault: (person, name, francs, more) => openVault(contextOf(person), name, francs, more),
    givePin: ({ userId }) => givePin(db, userId, PIN),
    async verifyPhone({ userId }) {
      const value = newPhone();
      await inTransaction(db, (tx) => setVerifiedContact(tx, userId, { kind: "phone", value }));
      return value;
    },
    contextOf,
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
  const named = { email: newEmail(), firstName, lastName: "Sawadogo", phone: null };
  const { userId, email, walletId, walletNumber } = await createUser(db, {
    ...named,
    ...(password === undefined ? {} : { password }),
  });
  const cookie = await createSessionCookie(db, userId);
  return { userId, walletId, walletNumber, email, firstName, cookie };
}

async function createSessionCookie(db: Database, userId: bigint): Promise<SessionCookie> {
  const { value } = await createBrowserSession(db, userId, demoSecrets(DATA_DIR).AUTH_SECRET);
  return { name: SESSION_COOKIE, value, url: APP_URL, httpOnly: true, sameSite: "Lax" };
}

async function openVault(
  context: Context,
  name: string,
  francs: bigint,
  { taken, goal = "", lockedUntil = "" }: VaultOptions = {},
): Promise<VaultMade> {
  const form = { name, currency: "XOF", goal, lockedUntil, key: newKey() } as const;
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
