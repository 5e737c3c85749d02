import { issueLocalToken } from "@/lib/api/auth/issue-local-token";
import { stopCredentialChecks } from "@/lib/auth/token-and-key-checks";
import { DomainError } from "@/lib/errors";
import { revokeAnyApiKey } from "@/lib/services/api-access/keys/revoke-any-api-key";
import { finishGoogleSignIn } from "@/lib/services/api-access/sessions/finish-google-sign-in";
import { startLocalSession } from "@/lib/services/api-access/sessions/start-local-session";
import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import { type Context, database } from "@/lib/services/context";
import { processDeposit } from "@/lib/services/deposits/check-deposit";
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
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
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
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { retryWithdrawal } from "@/lib/services/withdrawals/retry-withdrawal";

/** Verbs that the JSON API has no route for: pages and the command line call them. */
export const VERBS = {
  assignSuspense,
  retryWithdrawal,
  authenticate,
  checkPin,
  closeVault,
  closeWebhook,
  confirmTransfer,
  createVault,
  resolveWithdrawal,
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
  /** As at a graceful stop, which writes when API keys were last used. */
  stopApi: (_context: Context) => stopCredentialChecks(database),
  localToken: (context: Context, email: string) => issueLocalToken(context.db, email),
  /** The callback while Google is unreachable. */
  finishGoogleWhileUnreachable: (context: Context, state: string) =>
    finishGoogleSignIn(context, state, async () => {
      throw new DomainError("provider_unavailable");
    }),
} as const;

export type VerbName = keyof typeof VERBS;

type ArgsAfterContext<F> = F extends (context: Context, ...args: infer Args) => unknown ? Args : never;

export type VerbInput<N extends VerbName> = ArgsAfterContext<(typeof VERBS)[N]>;
export type VerbAnswer<N extends VerbName> = Awaited<ReturnType<(typeof VERBS)[N]>>;
