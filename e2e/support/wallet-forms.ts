import type { APIRequestContext } from "@playwright/test";
import postgres from "postgres";
import { insertExpiredKey } from "@/e2e/support/credentials";
import { databaseUrl } from "./deployment-addresses";
import { type Fields, formOf, OURS, post } from "./form-post";
import { PIN } from "./pin-page";
import type { Deployment, Person } from "./started-deployment";

export interface Owner {
  request: APIRequestContext;
  person: Person;
  deployment: Deployment;
}

/** A form's fields as its owner would post them, and the address. */
export interface ReadyForm {
  address: string;
  fields: Fields;
}

export interface WalletForm {
  /** Creates what the form is about, and loads its page. */
  ready(owner: Owner): Promise<ReadyForm>;
  /** The fields that people fill in. */
  typed: readonly string[];
  /** The hidden field with the id of the quote, vault or key. */
  id?: string;
  /** True when it has a hidden idempotency key. */
  keyed?: true;
}

/** Opens a page and reads its form. */
async function read(request: APIRequestContext, address: string, field: string, typed: object = {}) {
  return { address, fields: await formOf(request, address, field, typed) };
}

/** Posts a form that leads to a review, and reads that page's form. */
async function review(request: APIRequestContext, { address, fields }: ReadyForm, typed: object) {
  const answer = await post(request, address, fields, OURS);
  if (answer.status() !== 303) throw new Error(`${address} answered ${answer.status()} instead of a review`);
  return await read(request, answer.headers().location ?? "", "quoteId", typed);
}

async function readTransfer({ request, person, deployment }: Owner): Promise<ReadyForm> {
  await deployment.fund(person, 10_000n);
  const { walletNumber } = await deployment.createPerson();
  return await read(request, "/wallet/transfer", "walletNumber", {
    walletNumber,
    amount: "2000",
    note: "Pour le riz",
  });
}

const WAVE = { phone: "+22670123456", method: "wave" };

async function readFrancsWithdrawal({ request, person, deployment }: Owner): Promise<ReadyForm> {
  await deployment.fund(person, 5_000n);
  return await read(request, "/wallet/withdraw", "amount", { amount: "2000", ...WAVE });
}

async function readNairaWithdrawal({ request, person, deployment }: Owner): Promise<ReadyForm> {
  await deployment.fundNaira(person, 1_000_000n);
  const typed = { amount: "2000", bankCode: "057", accountNumber: "0123456789" };
  return await read(request, "/wallet/withdraw?currency=NGN", "bankCode", typed);
}

const readPin = (request: APIRequestContext) =>
  read(request, "/wallet/settings/pin", "pinAgain", { pin: PIN, pinAgain: PIN });

/** Chooses a person's first PIN, by posting the page's form. */
export async function choosePin(request: APIRequestContext): Promise<void> {
  const { address, fields } = await readPin(request);
  await post(request, address, fields, OURS);
}

const DAY_MS = 24 * 60 * 60 * 1000;
const nextMonth = () => new Date(Date.now() + 30 * DAY_MS).toISOString().slice(0, 10);

/** A form of a vault with 3,000 francs in it, or none if `isEmpty`, for an owner with 7,000 francs available. */
async function readVault(
  { request, person, deployment }: Owner,
  field: string,
  typed: object,
  isEmpty = false,
) {
  await deployment.fund(person, 10_000n);
  const { vaultId } = await deployment.openVault(person, "La moto", 3_000n, isEmpty ? { taken: 3_000n } : {});
  return await read(request, `/wallet/vaults/${vaultId}`, field, typed);
}

async function readExpiredKey({ request, person }: Owner): Promise<ReadyForm> {
  const database = postgres(databaseUrl(), { max: 1 });
  const { keyId } = await insertExpiredKey(database, person.userId);
  await database.end();
  return await read(request, `/wallet/keys/renew/${keyId}`, "expiry", { expiry: "1D" });
}

const NEW_KEY = { name: "guichet 4", read: "on", expiry: "1D" };

async function readActiveKey({ request }: Owner): Promise<ReadyForm> {
  const made = await read(request, "/wallet/keys/new", "expiry", NEW_KEY);
  await post(request, made.address, made.fields, OURS);
  return await read(request, "/wallet/keys", "keyId");
}

/** Every form of the wallet that moves or sets apart money, or hands out what does. */
export const WALLET_FORMS: Record<string, WalletForm> = {
  "review a transfer": { ready: readTransfer, typed: ["walletNumber", "amount", "note"] },
  "confirm a transfer": {
    async ready(owner) {
      await choosePin(owner.request);
      return await review(owner.request, await readTransfer(owner), { pin: PIN });
    },
    typed: ["pin"],
    id: "quoteId",
  },
  "choose a PIN": {
    ready: ({ request }) => readPin(request),
    typed: ["pin", "pinAgain"],
  },
  "open a vault": {
    ready: ({ request }) =>
      read(request, "/wallet/vaults/new", "lockedUntil", {
        name: "La moto",
        goal: "8 000",
        lockedUntil: nextMonth(),
      }),
    typed: ["name", "goal", "lockedUntil"],
    keyed: true,
  },
  "put money into a vault": {
    ready: (owner) => readVault(owner, "put-amount", { amount: "1000" }),
    typed: ["amount"],
    keyed: true,
    id: "vaultId",
  },
  "take money out of a vault": {
    ready: (owner) => readVault(owner, "take-amount", { amount: "1000" }),
    typed: ["amount"],
    keyed: true,
    id: "vaultId",
  },
  "name a vault": {
    ready: (owner) => readVault(owner, "edit-name", { name: "Le camion", goal: "9000" }),
    typed: ["name", "goal"],
    id: "vaultId",
  },
  "lock a vault": {
    async ready(owner) {
      const { address } = await readVault(owner, "lock-lockedUntil", {});
      return await read(owner.request, `${address}/lock?until=${nextMonth()}`, "lockedUntil");
    },
    typed: ["lockedUntil"],
    id: "vaultId",
  },
  "close a vault": {
    ready: (owner) => readVault(owner, "close-note", {}, true),
    typed: [],
    id: "vaultId",
  },
  "create a key": {
    ready: ({ request }) => read(request, "/wallet/keys/new", "expiry", NEW_KEY),
    typed: ["name", "read", "expiry"],
    keyed: true,
  },
  "renew a key": { ready: readExpiredKey, typed: ["expiry"], id: "keyId" },
  "revoke a key": { ready: readActiveKey, typed: [], id: "keyId" },
  "top up in francs": {
    ready: ({ request }) => read(request, "/wallet/topup", "amount", { amount: "5000", ...WAVE }),
    typed: ["amount", "phone", "method"],
    keyed: true,
  },
  "review a withdrawal in francs": { ready: readFrancsWithdrawal, typed: ["amount", "phone", "method"] },
  "confirm a withdrawal in francs": {
    async ready(owner) {
      await choosePin(owner.request);
      return await review(owner.request, await readFrancsWithdrawal(owner), { pin: PIN });
    },
    typed: ["pin"],
    id: "quoteId",
  },
  "top up in naira": {
    ready: ({ request }) =>
      read(request, "/wallet/topup?currency=NGN", "amount", { amount: "5000", method: "card" }),
    typed: ["amount", "method"],
    keyed: true,
  },
  "review a withdrawal in naira": {
    ready: readNairaWithdrawal,
    typed: ["amount", "bankCode", "accountNumber"],
  },
  "confirm a withdrawal in naira": {
    async ready(owner) {
      await choosePin(owner.request);
      return await review(owner.request, await readNairaWithdrawal(owner), { pin: PIN });
    },
    typed: ["pin"],
    id: "quoteId",
  },
};
