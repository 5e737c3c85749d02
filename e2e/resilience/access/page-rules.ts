import { z } from "zod";
import { newKey } from "@/lib/ids";
import * as keys from "@/lib/services/api-access/keys/schema";
import { cancelDepositSchema, startDepositSchema } from "@/lib/services/deposits/schema";
import { passkeyAnswer } from "@/lib/services/identity/passkeys/schema";
import * as pins from "@/lib/services/identity/pin/schema";
import * as totp from "@/lib/services/identity/totp/schema";
import * as users from "@/lib/services/identity/users/schema";
import * as requests from "@/lib/services/money-requests/schema";
import * as notices from "@/lib/services/notice-delivery/schema";
import * as receipts from "@/lib/services/receipts/schema";
import * as statements from "@/lib/services/statements/schema";
import { confirmTransferSchema, quoteTransferSchema } from "@/lib/services/transfers/schema";
import * as vaults from "@/lib/services/vaults/schema";
import { confirmWithdrawalSchema, quoteWithdrawalSchema } from "@/lib/services/withdrawals/schema";
import { THEMES } from "@/lib/ui/theme";
import { PASSWORD, PIN } from "../requests/person";
import { type ActionRule, anyone, inDays, ofActor, type PageRule, person } from "./page-rule";
import { freshKey, PHONE, payee, type Value, type Values } from "./rule";
import { TONTINE_ACTIONS, TONTINE_PAGES } from "./tontine-rules";

/*
 * Who may use each page and server action of the build, and how a valid request to it is made. One without a row here is a
 * violation, and so is a row without one: whoever adds a page or an action decides here who may use it. The scenarios access,
 * fuzzing and leaks make their requests from these rows.
 */

const today = new Date().toISOString().slice(0, 10);
const thisMonth = `from=${today.slice(0, 7)}-01&to=${today}`;

const deposit: Values = { reference: { id: "pendingDeposit" } };

export const PAGES: Readonly<Record<string, PageRule>> = {
  "/[locale]": { who: "anyone" },
  "/[locale]/help": { who: "anyone" },
  "/[locale]/fees": { who: "anyone" },
  "/[locale]/terms": { who: "anyone" },
  "/[locale]/privacy": { who: "anyone" },
  "/[locale]/sign-in": { who: "anyone" },
  "/[locale]/sign-in/forgot": { who: "anyone" },
  "/[locale]/sign-in/forgot/code": { who: "anyone" },
  "/[locale]/sign-in/forgot/password": { who: "anyone" },
  "/[locale]/not-me/[token]": { who: "anyone", params: { token: "AAAAAAAAAAAAAAAAAAAAAA" } },
  "/[locale]/sign-up": { who: "anyone" },
  "/[locale]/sign-up/code": { who: "anyone" },
  "/[locale]/[...rest]": { who: "missing", params: { "...rest": "nothing/here" } },
  "/_global-error": { who: "missing" },
  "/_not-found": { who: "missing" },
  "/404": { who: "missing" },
  "/500": { who: "missing" },
  "/[locale]/p/[number]": { who: "anyone", params: { number: "1234567890128" }, query: "amount=500" },
  // Needs no sign-in, only the token of a money request; any other token is answered with 404.
  "/[locale]/r/[token]": { who: "missing", params: { token: "A".repeat(22) } },
  // As the link of a money request: the link of a receipt.
  "/[locale]/v/[token]": { who: "missing", params: { token: "A".repeat(22) } },
  ...TONTINE_PAGES,
  "/[locale]/wallet": { who: "person" },
  "/[locale]/wallet/events/overview": { who: "person", query: "since=" },
  "/[locale]/wallet/events/[reference]": { who: "person", params: deposit, query: "since=in_progress" },
  "/[locale]/wallet/keys": { who: "person" },
  "/[locale]/wallet/keys/new": { who: "person" },
  "/[locale]/wallet/keys/renew/[keyId]": { who: "person", params: { keyId: { id: "expiredKey" } } },
  "/[locale]/wallet/money": { who: "person" },
  "/[locale]/wallet/receive": { who: "person", query: "amount=500" },
  "/[locale]/wallet/requests": { who: "person" },
  "/[locale]/wallet/requests/new": { who: "person" },
  "/[locale]/wallet/requests/[requestId]": { who: "person", params: { requestId: { id: "ownRequest" } } },
  "/[locale]/wallet/notices": { who: "person" },
  "/[locale]/wallet/settings": { who: "person" },
  "/[locale]/wallet/settings/notices": { who: "person" },
  "/[locale]/wallet/settings/password": { who: "person" },
  "/[locale]/sign-in/code": { who: "anyone" },
  "/[locale]/wallet/settings/passkeys": { who: "person" },
  "/[locale]/wallet/settings/totp": { who: "person" },
  "/[locale]/wallet/settings/pin": { who: "person" },
  "/[locale]/wallet/settings/contact/[kind]": { who: "person", params: { kind: "email" } },
  "/[locale]/wallet/statements": { who: "person", query: thisMonth },
  "/[locale]/wallet/statements/data": { who: "person" },
  "/[locale]/wallet/statements/download": { who: "person", query: `${thisMonth}&format=csv` },
  "/[locale]/wallet/statements/files/[fileId]": {
    who: "person",
    params: { fileId: { id: "statementFile" } },
  },
  "/[locale]/wallet/statements/files/[fileId]/events": {
    who: "person",
    params: { fileId: { id: "statementFile" } },
    query: "since=making",
  },
  "/[locale]/wallet/statements/files/[fileId]/download": {
    who: "person",
    params: { fileId: { id: "statementFile" } },
  },
  "/[locale]/wallet/topup": { who: "person" },
  "/[locale]/wallet/topup/[reference]": { who: "person", params: deposit },
  "/[locale]/wallet/balance": { who: "person" },
  "/[locale]/wallet/transactions": { who: "person" },
  "/[locale]/wallet/transactions/[reference]": { who: "person", params: deposit },
  "/[locale]/wallet/transactions/[reference]/receipt.pdf": { who: "person", params: deposit },
  "/[locale]/wallet/transfer": { who: "person" },
  "/[locale]/wallet/transfer/[quoteId]": { who: "person", params: { quoteId: { id: "transferQuote" } } },
  "/[locale]/wallet/vaults": { who: "person" },
  "/[locale]/wallet/vaults/new": { who: "person" },
  "/[locale]/wallet/vaults/[vaultId]": { who: "person", params: { vaultId: { id: "vault" } } },
  "/[locale]/wallet/vaults/[vaultId]/lock": {
    who: "person",
    params: { vaultId: { id: "vault" } },
    query: `until=${inDays(40)}`,
  },
  "/[locale]/wallet/withdraw": { who: "person" },
  "/[locale]/wallet/withdraw/[quoteId]": { who: "person", params: { quoteId: { id: "withdrawalQuote" } } },
};

/** The value that the actor's profile has already, so that saving it changes nothing. */
const own =
  (name: "firstName" | "lastName" | "phone"): Value =>
  ({ actor }) =>
    actor?.privateData[name] ?? "";

/** The right code of the challenge that the field before it has made. */
const rightCode = ofActor((actor) => actor.identity.lastCode(), "123456");

const next = z.object({ next: z.string() });
const passkey = z.object({ passkey: passkeyAnswer });
const shown = z.object({ show: z.enum(["yes", "no"]) });
const theme = z.object({ theme: z.enum(THEMES) });
const francs = { currency: "XOF", phone: PHONE };

/** By file below `app/[locale]/`, and by the action's exported name. */
const ACTIONS_BY_FILE: Readonly<Record<string, Readonly<Record<string, ActionRule>>>> = {
  "(site)/sign-in/actions.ts": {
    signIn: anyone(users.signInSchema.extend(next.shape), {
      identifier: "nobody@example.test",
      password: "",
    }),
    signInWithGoogle: anyone(next, { next: "/wallet" }),
    startPasskeySignIn: anyone(z.object({}), {}),
    signInWithPasskey: anyone(passkey.extend(next.shape), { passkey: "none" }),
  },
  "(site)/sign-in/code/actions.ts": {
    finishSignIn: anyone(totp.totpCodeSchema.extend(next.shape), { code: "000000" }),
  },
  "(site)/sign-in/forgot/actions.ts": {
    forgotPassword: anyone(users.forgottenPasswordSchema, { identifier: "nobody@example.test" }),
    confirmRecoveryCode: anyone(users.codeSchema, { code: "123456" }),
    resendCode: anyone(z.object({}), {}),
    sendSecondCode: anyone(z.object({}), {}),
    confirmSecondCode: anyone(users.codeSchema, { code: "123456" }),
    recoverPassword: anyone(users.recoverPasswordSchema, { password: "le marché de Rood Woko", pin: "" }),
  },
  "not-me/[token]/actions.ts": {
    stopMoney: anyone(z.object({ alarm: z.string() }), { alarm: (context) => context.alarm() }),
  },
  "(site)/sign-up/actions.ts": {
    signUp: anyone(users.signUpFormSchema.safeExtend(next.shape), {
      email: "nobody@example.test",
      password: "x",
      firstName: "N",
    }),
  },
  "(site)/sign-up/code/actions.ts": {
    confirmCode: anyone(users.codeSchema.extend(next.shape), { code: "123456" }),
    startNewAccount: anyone(next, {}),
    resendCode: anyone(next, {}),
    sendCodeByEmail: anyone(users.otherAddressSchema.extend(next.shape), { email: "nobody@example.test" }),
  },
  ...TONTINE_ACTIONS,
  "wallet/actions.ts": { toggleBalance: person(shown, { show: "yes" }) },
  "wallet/keys/actions.ts": {
    createKey: person(keys.createKeyFormSchema, { name: "key", read: "on", expiry: "1D", key: freshKey }),
    renewKey: person(keys.renewKeyFormSchema, { keyId: { id: "expiredKey" }, expiry: "1D" }),
    revokeKey: person(keys.revokeKeyFormSchema, { keyId: { id: "liveKey" } }),
  },
  "wallet/notices/actions.ts": { markRead: person(notices.markReadSchema, { upTo: "1" }) },
  "wallet/requests/actions.ts": {
    askForMoney: person(requests.createMoneyRequestSchema, {
      walletNumber: "",
      amount: "100",
      currency: "XOF",
      note: "",
      key: freshKey,
    }),
    reviewRequest: person(requests.moneyRequestSchema, { requestId: { id: "receivedRequest" }, token: "" }),
    declineRequest: person(requests.moneyRequestSchema, { requestId: { id: "receivedRequest" } }),
    cancelRequest: person(requests.moneyRequestSchema, { requestId: { id: "ownRequest" } }),
    blockAsker: person(requests.moneyRequestSchema, { requestId: { id: "receivedRequest" }, token: "" }),
    unblockAsker: person(requests.unblockSchema, { walletNumber: payee }),
  },
  "wallet/settings/actions.ts": {
    saveProfile: person(users.profileSchema, {
      firstName: own("firstName"),
      lastName: own("lastName"),
      phone: own("phone"),
    }),
    saveLanguage: person(users.localeSchema, { locale: "fr" }),
    signOut: { ...anyone(z.object({}), {}), endsSession: true },
    signOutElsewhere: person(users.signOutElsewhereSchema, {}),
    revokeSession: person(users.revokeSessionSchema, { sessionId: { id: "session" } }),
    savePayableByPhone: person(users.payableByPhoneSchema, { payableByPhone: "no" }),
    saveTheme: person(theme, { theme: "dark" }),
  },
  "wallet/settings/contact/[kind]/actions.ts": {
    addPhone: person(users.addPhoneSchema, { phone: PHONE, secret: PASSWORD }),
    addEmail: person(users.addEmailSchema, { email: "nobody@example.test", secret: PIN }),
    confirmContact: {
      ...person(users.codeSchema.extend(users.challengeSchema.shape), {
        challengeId: { id: "contactChallenge" },
        code: rightCode,
      }),
      missingCode: "code_expired",
    },
    resendContact: {
      ...person(users.challengeSchema, { challengeId: { id: "contactChallenge" } }),
      missingCode: "code_expired",
    },
    moveContact: {
      ...person(users.challengeSchema, { challengeId: { id: "provenChallenge" } }),
      missingCode: "code_expired",
    },
  },
  "wallet/passkey-actions.ts": {
    // Needs a passkey of the actor. The verb that confirms checks whose quote it is, so any id will do here.
    startPasskeyConfirmation: person(z.object({ quoteId: z.uuid() }), {
      quoteId: async (context) => {
        await context.actor?.passkey();
        return newKey();
      },
    }),
  },
  "wallet/settings/passkeys/actions.ts": {
    startAddingPasskey: person(z.object({ secret: z.string().max(200) }), { secret: PIN }),
    addPasskey: person(passkey, { passkey: ofActor((actor) => actor.identity.newPasskeyAnswer(), "none") }),
    removePasskey: person(z.object({ passkeyId: z.string().regex(/^[0-9]{1,18}$/) }), {
      passkeyId: { id: "passkey" },
    }),
  },
  "wallet/settings/totp/actions.ts": {
    startTotp: person(totp.totpPasswordSchema, {
      password: async ({ actor }) => {
        await actor?.identity.removeAuthenticator();
        return PASSWORD;
      },
    }),
    confirmTotp: person(totp.totpCodeSchema, {
      code: ofActor((actor) => actor.identity.authenticatorCode({ isOn: false }), "000000"),
    }),
    disableTotp: person(totp.disableTotpSchema, {
      password: PASSWORD,
      code: ofActor((actor) => actor.identity.authenticatorCode({ isOn: true }), "000000"),
    }),
  },
  "wallet/settings/notices/actions.ts": {
    saveNoticeChoices: person(notices.noticeChoicesSchema, { "money_in.email": "on" }),
    subscribePush: person(notices.subscribePushSchema, {
      // New each time: an address of another person's browser would be taken over.
      endpoint: () => `https://push.example.test/${newKey()}`,
      p256dh: "k".repeat(87),
      auth: "a".repeat(22),
    }),
    unsubscribePush: person(z.object({}), {}),
  },
  "wallet/settings/password/actions.ts": {
    // The new password is the actor's present one, so that nobody is signed out.
    savePassword: person(users.changePasswordSchema, {
      currentPassword: "not the password",
      password: PASSWORD,
    }),
  },
  "wallet/settings/pin/actions.ts": {
    sendCode: person(pins.pinCodeSchema, { kind: "phone" }),
    resetPin: {
      ...person(pins.resetPinSchema, {
        ...{ pin: PIN, pinAgain: PIN, password: PASSWORD },
        ...{ challengeId: { id: "pinChallenge" }, code: rightCode },
      }),
      missingCode: "code_expired",
    },
    keepPin: person(pins.keepPinSchema, { pin: PIN }),
    cancelReset: person(z.object({}), {}),
    // The same PIN again: the actor has it already.
    savePin: person(pins.setPinSchema, { pin: PIN, pinAgain: PIN, version: "" }),
  },
  "wallet/statements/actions.ts": {
    requestStatement: person(statements.requestStatementFileSchema, {
      ...{ format: "csv", currency: "XOF", from: today, to: today },
      vault: { id: "vault" },
    }),
    requestData: person(statements.requestDataFileSchema, { secret: PIN }),
  },
  "wallet/topup/actions.ts": {
    startTopup: person(startDepositSchema, { ...francs, amount: "1000", method: "wave", key: freshKey }),
    cancelTopup: person(cancelDepositSchema, { reference: { id: "pendingDeposit" } }),
  },
  "wallet/transactions/[reference]/actions.ts": {
    shareReceipt: person(receipts.receiptSchema, { reference: { id: "pendingDeposit" } }),
    endReceiptLink: person(receipts.receiptLinkSchema, {
      linkId: { id: "receiptLink" },
      reference: { id: "pendingDeposit" },
    }),
  },
  "wallet/transfer/actions.ts": {
    reviewTransfer: person(quoteTransferSchema, {
      walletNumber: payee,
      amount: "100",
      currency: "XOF",
      note: "",
    }),
  },
  "wallet/transfer/[quoteId]/actions.ts": {
    confirmTransfer: person(confirmTransferSchema, { quoteId: { id: "transferQuote" }, pin: PIN }),
    payRequest: person(confirmTransferSchema, { quoteId: { id: "requestQuote" }, pin: PIN }),
  },
  "wallet/vaults/actions.ts": {
    putMoney: person(vaults.vaultMoneySchema, { vaultId: { id: "vault" }, amount: "100", key: freshKey }),
    takeMoney: person(vaults.vaultMoneySchema, { vaultId: { id: "vault" }, amount: "50", key: freshKey }),
    reviewVaultLock: person(vaults.lockVaultSchema, {
      vaultId: { id: "emptyVault" },
      lockedUntil: inDays(40),
    }),
    lockVaultUntil: person(vaults.lockVaultSchema, {
      vaultId: { id: "emptyVault" },
      lockedUntil: inDays(40),
    }),
    saveVault: person(vaults.updateVaultSchema, { vaultId: { id: "emptyVault" }, name: "renamed", goal: "" }),
    deleteVault: person(vaults.closeVaultSchema, { vaultId: { id: "emptyVault" } }),
    openVault: person(vaults.createVaultSchema, {
      name: "coffre",
      currency: "XOF",
      goal: "",
      lockedUntil: "",
      key: freshKey,
    }),
  },
  "wallet/withdraw/actions.ts": {
    reviewWithdrawal: person(quoteWithdrawalSchema, { ...francs, amount: "500", method: "orange_money" }),
  },
  "wallet/withdraw/[quoteId]/actions.ts": {
    confirmWithdrawal: person(confirmWithdrawalSchema, { quoteId: { id: "withdrawalQuote" }, pin: PIN }),
  },
};

/** By file and export, such as `wallet/keys/actions.ts#createKey`. */
export const ACTIONS: Readonly<Record<string, ActionRule>> = Object.fromEntries(
  Object.entries(ACTIONS_BY_FILE).flatMap(([file, rules]) =>
    Object.entries(rules).map(([name, rule]) => [`${file}#${name}`, rule]),
  ),
);
