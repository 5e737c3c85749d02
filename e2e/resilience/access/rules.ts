import { newKey } from "@/lib/ids";
import type { People } from "./people";
import type { Permission, Person } from "./person";
import { PIN, type Things } from "./things";

/**
 * Who may use what the build answers. A page, route, action, call or file that isn't in these tables is a violation, and so is
 * a row that stands for nothing any more: whoever adds a door decides here who it is for.
 */

/** `proof`: whoever proves it in the request itself, such as a provider by its signature. `missing`: nobody, ever. */
export type Rule = "anyone" | "person" | "proof" | "missing" | { permission: Permission };

export interface PageRule {
  who: "anyone" | "person" | "missing";
  /** The parameters of its address, of somebody's things: then only that person may see it. */
  params?: (of: Things) => Promise<Record<string, string>>;
}

export const PAGES: Readonly<Record<string, PageRule>> = {
  "/[locale]": { who: "anyone" },
  "/[locale]/sign-in": { who: "anyone" },
  "/[locale]/sign-up": { who: "anyone" },
  "/[locale]/[...rest]": { who: "missing" },
  "/_global-error": { who: "missing" },
  "/_not-found": { who: "missing" },
  "/404": { who: "missing" },
  "/500": { who: "missing" },
  "/[locale]/wallet": { who: "person" },
  "/[locale]/wallet/events/[reference]": {
    who: "person",
    params: async (of) => ({ reference: await of.pendingDeposit() }),
  },
  "/[locale]/wallet/keys": { who: "person" },
  "/[locale]/wallet/keys/new": { who: "person" },
  "/[locale]/wallet/keys/renew/[keyId]": {
    who: "person",
    params: async (of) => ({ keyId: await of.expiredKey() }),
  },
  "/[locale]/wallet/settings": { who: "person" },
  "/[locale]/wallet/settings/pin": { who: "person" },
  "/[locale]/wallet/topup": { who: "person" },
  "/[locale]/wallet/topup/[reference]": {
    who: "person",
    params: async (of) => ({ reference: await of.pendingDeposit() }),
  },
  "/[locale]/wallet/transactions": { who: "person" },
  "/[locale]/wallet/transactions/[reference]": {
    who: "person",
    params: async (of) => ({ reference: await of.pendingDeposit() }),
  },
  "/[locale]/wallet/transfer": { who: "person" },
  "/[locale]/wallet/transfer/[quoteId]": {
    who: "person",
    params: async (of) => ({ quoteId: await of.transferQuote() }),
  },
  "/[locale]/wallet/vaults": { who: "person" },
  "/[locale]/wallet/vaults/new": { who: "person" },
  "/[locale]/wallet/vaults/[vaultId]": {
    who: "person",
    params: async (of) => ({ vaultId: await of.vault() }),
  },
  "/[locale]/wallet/withdraw": { who: "person" },
  "/[locale]/wallet/withdraw/[quoteId]": {
    who: "person",
    params: async (of) => ({ quoteId: await of.withdrawalQuote() }),
  },
};

/** What an action or a call is filled in with: things are the owner's, money goes to a third person. */
export interface Filling {
  of: Things;
  /** Who asks for room for what is about to be made; null where nobody is let in. */
  actor: Person | null;
  people: People;
}

export interface ActionRule {
  who: "anyone" | "person";
  /** True when the form names something of somebody's: then only that person may. */
  names?: true;
  /** True when it ends the session that it is used with. */
  ends?: true;
  /** True for an action that is a form's own, without a state. */
  plain?: true;
  fields(filling: Filling): Promise<Record<string, string>> | Record<string, string>;
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
  "wallet/actions.ts#toggleBalance": { who: "person", plain: true, fields: () => ({ show: "yes" }) },
  "wallet/keys/actions.ts#createKey": {
    who: "person",
    fields: async ({ actor }) => {
      await actor?.freeKeys();
      return { name: "key", read: "on", expiry: "1D" };
    },
  },
  "wallet/keys/actions.ts#renewKey": {
    who: "person",
    names: true,
    fields: async ({ of, actor }) => {
      await actor?.freeKeys();
      return { keyId: await of.expiredKey(), expiry: "1D" };
    },
  },
  "wallet/keys/actions.ts#revokeKey": {
    who: "person",
    names: true,
    fields: async ({ of }) => ({ keyId: await of.liveKey() }),
  },
  "wallet/settings/actions.ts#saveProfile": {
    who: "person",
    fields: ({ actor }) => {
      const { firstName = "Taken", lastName = "Over", phone = "" } = actor?.marks ?? {};
      return { firstName, lastName, phone };
    },
  },
  "wallet/settings/actions.ts#saveLanguage": { who: "person", fields: () => ({ locale: "fr" }) },
  "wallet/settings/actions.ts#signOut": { who: "anyone", ends: true, fields: () => ({}) },
  "wallet/settings/actions.ts#signOutElsewhere": { who: "person", fields: () => ({}) },
  "wallet/settings/actions.ts#revokeSession": {
    who: "person",
    names: true,
    fields: async ({ of }) => ({ sessionId: await of.session() }),
  },
  "wallet/settings/theme-action.ts#saveTheme": { who: "person", fields: () => ({ theme: "dark" }) },
  "wallet/settings/pin/actions.ts#savePin": {
    who: "person",
    // The first of them all sets it; later ones are answered as a second tap is.
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
    names: true,
    fields: async ({ of }) => ({ quoteId: await of.transferQuote(), pin: PIN }),
  },
  "wallet/vaults/actions.ts#putMoney": {
    who: "person",
    names: true,
    fields: async ({ of }) => ({ vaultId: await of.vault(), amount: "100", key: key() }),
  },
  "wallet/vaults/actions.ts#takeMoney": {
    who: "person",
    names: true,
    fields: async ({ of }) => ({ vaultId: await of.vault(), amount: "50", key: key() }),
  },
  "wallet/vaults/actions.ts#lockVaultUntil": {
    who: "person",
    names: true,
    fields: async ({ of }) => ({ vaultId: await of.emptyVault(), lockedUntil: inDays(40) }),
  },
  "wallet/vaults/actions.ts#saveVault": {
    who: "person",
    names: true,
    fields: async ({ of }) => ({ vaultId: await of.emptyVault(), name: "renamed", goal: "" }),
  },
  "wallet/vaults/actions.ts#deleteVault": {
    who: "person",
    names: true,
    fields: async ({ of }) => ({ vaultId: await of.emptyVault() }),
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
    names: true,
    fields: async ({ of }) => ({ quoteId: await of.withdrawalQuote(), pin: PIN }),
  },
};

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
