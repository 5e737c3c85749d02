import { newKey } from "@/lib/ids";
import { type ObjectIds, PIN } from "./object-ids";
import type { People } from "./people";
import type { Permission, Person } from "./person";

/*
 * Who may use each endpoint of the build. An endpoint without a row here or in api-rules.ts is a violation, and so is a row
 * without an endpoint: whoever adds one decides here who may use it.
 */

/**
 * `person`: a signed-in user. `self-authenticating`: whoever authenticates by the request itself, such as a provider by its
 * signature. `missing`: nobody, the endpoint must answer as if it didn't exist.
 */
export type Rule = "anyone" | "person" | "self-authenticating" | "missing" | { permission: Permission };

export interface PageRule {
  who: "anyone" | "person" | "missing";
  /** The parameters of its path, ids of a user's objects: then only that user may see it. */
  params?: (ids: ObjectIds) => Promise<Record<string, string>>;
}

export const PAGES: Readonly<Record<string, PageRule>> = {
  "/[locale]": { who: "anyone" },
  "/[locale]/sign-in": { who: "anyone" },
  "/[locale]/sign-up": { who: "anyone" },
  "/[locale]/help": { who: "anyone" },
  "/[locale]/fees": { who: "anyone" },
  "/[locale]/terms": { who: "anyone" },
  "/[locale]/privacy": { who: "anyone" },
  "/[locale]/[...rest]": { who: "missing" },
  "/_global-error": { who: "missing" },
  "/_not-found": { who: "missing" },
  "/404": { who: "missing" },
  "/500": { who: "missing" },
  "/[locale]/wallet": { who: "person" },
  "/[locale]/wallet/events/[reference]": {
    who: "person",
    params: async (ids) => ({ reference: await ids.pendingDeposit() }),
  },
  "/[locale]/wallet/keys": { who: "person" },
  "/[locale]/wallet/keys/new": { who: "person" },
  "/[locale]/wallet/keys/renew/[keyId]": {
    who: "person",
    params: async (ids) => ({ keyId: await ids.expiredKey() }),
  },
  "/[locale]/wallet/money": { who: "person" },
  "/[locale]/wallet/settings": { who: "person" },
  "/[locale]/wallet/settings/pin": { who: "person" },
  "/[locale]/wallet/topup": { who: "person" },
  "/[locale]/wallet/topup/[reference]": {
    who: "person",
    params: async (ids) => ({ reference: await ids.pendingDeposit() }),
  },
  "/[locale]/wallet/transactions": { who: "person" },
  "/[locale]/wallet/transactions/[reference]": {
    who: "person",
    params: async (ids) => ({ reference: await ids.pendingDeposit() }),
  },
  "/[locale]/wallet/transfer": { who: "person" },
  "/[locale]/wallet/transfer/[quoteId]": {
    who: "person",
    params: async (ids) => ({ quoteId: await ids.transferQuote() }),
  },
  "/[locale]/wallet/vaults": { who: "person" },
  "/[locale]/wallet/vaults/new": { who: "person" },
  "/[locale]/wallet/vaults/[vaultId]": {
    who: "person",
    params: async (ids) => ({ vaultId: await ids.vault() }),
  },
  "/[locale]/wallet/vaults/[vaultId]/lock": {
    who: "person",
    params: async (ids) => ({ vaultId: await ids.vault() }),
  },
  "/[locale]/wallet/withdraw": { who: "person" },
  "/[locale]/wallet/withdraw/[quoteId]": {
    who: "person",
    params: async (ids) => ({ quoteId: await ids.withdrawalQuote() }),
  },
};

/** What the request of an action or a call is made from. */
export interface RequestContext {
  /** Ids of the objects that it names. */
  ids: ObjectIds;
  /** Who sends it, and needs room for new API keys; null if it will be refused. */
  actor: Person | null;
  people: People;
}

export interface ActionRule {
  who: "anyone" | "person";
  /** True if the form names a user's object: then only that user may send it. */
  namesObject?: true;
  /** True if it ends the session that it is used with. */
  endsSession?: true;
  /** True for an action that takes the form only, without a previous state. */
  stateless?: true;
  fields(context: RequestContext): Promise<Record<string, string>> | Record<string, string>;
}

const key = () => newKey();

export const ACTIONS: Readonly<Record<string, ActionRule>> = {
  "(site)/sign-in/actions.ts#signIn": {
    who: "anyone",
    fields: () => ({ email: "nobody@example.test", password: "" }),
  },
  "(site)/sign-in/actions.ts#signInWithGoogle": { who: "anyone", fields: () => ({ next: "/wallet" }) },
  "(site)/sign-up/actions.ts#signUp": {
    who: "anyone",
    fields: () => ({ email: "nobody@example.test", password: "x", firstName: "N" }),
  },
  "wallet/actions.ts#toggleBalance": { who: "person", stateless: true, fields: () => ({ show: "yes" }) },
  "wallet/keys/actions.ts#createKey": {
    who: "person",
    fields: async ({ actor }) => {
      await actor?.freeKeys();
      return { name: "key", read: "on", expiry: "1D" };
    },
  },
  "wallet/keys/actions.ts#renewKey": {
    who: "person",
    namesObject: true,
    fields: async ({ ids, actor }) => {
      await actor?.freeKeys();
      return { keyId: await ids.expiredKey(), expiry: "1D" };
    },
  },
  "wallet/keys/actions.ts#revokeKey": {
    who: "person",
    namesObject: true,
    fields: async ({ ids }) => ({ keyId: await ids.liveKey() }),
  },
  "wallet/settings/actions.ts#saveProfile": {
    who: "person",
    fields: ({ actor }) => {
      const { firstName = "Taken", lastName = "Over", phone = "" } = actor?.privateData ?? {};
      return { firstName, lastName, phone };
    },
  },
  "wallet/settings/actions.ts#saveLanguage": { who: "person", fields: () => ({ locale: "fr" }) },
  "wallet/settings/actions.ts#signOut": { who: "anyone", endsSession: true, fields: () => ({}) },
  "wallet/settings/actions.ts#signOutElsewhere": { who: "person", fields: () => ({}) },
  "wallet/settings/actions.ts#revokeSession": {
    who: "person",
    namesObject: true,
    fields: async ({ ids }) => ({ sessionId: await ids.session() }),
  },
  "wallet/settings/actions.ts#saveTheme": { who: "person", fields: () => ({ theme: "dark" }) },
  "wallet/settings/pin/actions.ts#savePin": {
    who: "person",
    // The first request sets the PIN; later ones are answered as replays.
    fields: () => ({ pin: PIN, pinAgain: PIN, version: "" }),
  },
  "wallet/topup/actions.ts#startTopup": {
    who: "person",
    fields: () => ({ amount: "1000", phone: "+22671222333", method: "wave", currency: "XOF", key: key() }),
  },
  "wallet/transfer/actions.ts#reviewTransfer": {
    who: "person",
    fields: ({ people }) => ({
      walletNumber: people.payee.walletNumber,
      amount: "100",
      currency: "XOF",
      note: "",
    }),
  },
  "wallet/transfer/[quoteId]/actions.ts#confirmTransfer": {
    who: "person",
    namesObject: true,
    fields: async ({ ids }) => ({ quoteId: await ids.transferQuote(), pin: PIN }),
  },
  "wallet/vaults/actions.ts#putMoney": {
    who: "person",
    namesObject: true,
    fields: async ({ ids }) => ({ vaultId: await ids.vault(), amount: "100", key: key() }),
  },
  "wallet/vaults/actions.ts#takeMoney": {
    who: "person",
    namesObject: true,
    fields: async ({ ids }) => ({ vaultId: await ids.vault(), amount: "50", key: key() }),
  },
  "wallet/vaults/actions.ts#reviewVaultLock": {
    who: "person",
    namesObject: true,
    fields: async ({ ids }) => ({ vaultId: await ids.emptyVault(), lockedUntil: inDays(40) }),
  },
  "wallet/vaults/actions.ts#lockVaultUntil": {
    who: "person",
    namesObject: true,
    fields: async ({ ids }) => ({ vaultId: await ids.emptyVault(), lockedUntil: inDays(40) }),
  },
  "wallet/vaults/actions.ts#saveVault": {
    who: "person",
    namesObject: true,
    fields: async ({ ids }) => ({ vaultId: await ids.emptyVault(), name: "renamed", goal: "" }),
  },
  "wallet/vaults/actions.ts#deleteVault": {
    who: "person",
    namesObject: true,
    fields: async ({ ids }) => ({ vaultId: await ids.emptyVault() }),
  },
  "wallet/vaults/actions.ts#openVault": {
    who: "person",
    fields: () => ({ name: "coffre", currency: "XOF", goal: "", lockedUntil: "", key: key() }),
  },
  "wallet/withdraw/actions.ts#reviewWithdrawal": {
    who: "person",
    fields: () => ({ amount: "500", phone: "+22671222333", method: "orange_money", currency: "XOF" }),
  },
  "wallet/withdraw/[quoteId]/actions.ts#confirmWithdrawal": {
    who: "person",
    namesObject: true,
    fields: async ({ ids }) => ({ quoteId: await ids.withdrawalQuote(), pin: PIN }),
  },
};

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
