import { stopApi } from "@/lib/api/assemble";
import { issueLocalToken } from "@/lib/api/auth/issue-local-token";
import { DomainError } from "@/lib/errors";
import { revokeAnyApiKey } from "@/lib/services/api-access/keys/revoke-any-api-key";
import { finishGoogleSignIn } from "@/lib/services/api-access/sessions/finish-google-sign-in";
import { startLocalSession } from "@/lib/services/api-access/sessions/start-local-session";
import { resumePayouts } from "@/lib/services/back-office/payout-switch/resume-payouts";
import { stopPayouts } from "@/lib/services/back-office/payout-switch/stop-payouts";
import type { Context } from "@/lib/services/context";
import { assignSuspense } from "@/lib/services/deposits/assign-suspense";
import { processDeposit } from "@/lib/services/deposits/process-deposit";
import { checkPin } from "@/lib/services/identity/pin/check-pin";
import { setPin } from "@/lib/services/identity/pin/set-pin";
import { findSession } from "@/lib/services/identity/sessions/find-session";
import { revokeOtherSessions } from "@/lib/services/identity/sessions/revoke-other-sessions";
import { revokeSession } from "@/lib/services/identity/sessions/revoke-session";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { authenticate } from "@/lib/services/identity/users/authenticate";
import { signUp } from "@/lib/services/identity/users/sign-up";
import { updateProfile } from "@/lib/services/identity/users/update-profile";
import { retryJob } from "@/lib/services/outbox/retry-job";
import { closeWebhook } from "@/lib/services/provider-events/close-webhook";
import { replayWebhook } from "@/lib/services/provider-events/replay-webhook";
import { reconcile } from "@/lib/services/reconciliation/reconcile";
import { confirmTransfer } from "@/lib/services/transfers/confirm-transfer";
import { quoteTransfer } from "@/lib/services/transfers/quote-transfer";
import { closeVault } from "@/lib/services/vaults/close-vault";
import { createVault } from "@/lib/services/vaults/create-vault";
import { lockVault } from "@/lib/services/vaults/lock-vault";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import { takeFromVault } from "@/lib/services/vaults/take-from-vault";
import { updateVault } from "@/lib/services/vaults/update-vault";
import { askAgain } from "@/lib/services/withdrawals/ask-again";
import { decideWithdrawal } from "@/lib/services/withdrawals/decide-withdrawal";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";

/** What pages and the command line ask of the services: there is no route of the JSON API for it. */
export const VERBS = {
  assignSuspense,
  askAgain,
  authenticate,
  checkPin,
  closeVault,
  closeWebhook,
  confirmTransfer,
  createVault,
  decideWithdrawal,
  lockVault,
  processDeposit,
  putIntoVault,
  quoteTransfer,
  quoteWithdrawal,
  reconcile,
  replayWebhook,
  requestWithdrawal,
  resumePayouts,
  retryJob,
  revokeAnyApiKey,
  revokeOtherSessions,
  revokeSession,
  setPin,
  signUp,
  startLocalSession,
  startSession,
  stopPayouts,
  takeFromVault,
  updateProfile,
  updateVault,
  findSession: (context: Context, sessionId: string) => findSession(context.db, sessionId),
  /** As at a graceful stop: when keys were last used is written. */
  stopApi: (_context: Context) => stopApi(),
  localToken: (context: Context, email: string) => issueLocalToken(context.db, email),
  /** As the callback does it in the minute in which Google can't be asked. */
  finishGoogleWhileAway: (context: Context, state: string) =>
    finishGoogleSignIn(context, state, async () => {
      throw new DomainError("provider_unavailable");
    }),
} as const;

export type VerbName = keyof typeof VERBS;

type Rest<F> = F extends (context: Context, ...given: infer Given) => unknown ? Given : never;

/** What a verb is handed beside its context, and what it answers. */
export type VerbInput<N extends VerbName> = Rest<(typeof VERBS)[N]>;
export type VerbAnswer<N extends VerbName> = Awaited<ReturnType<(typeof VERBS)[N]>>;
