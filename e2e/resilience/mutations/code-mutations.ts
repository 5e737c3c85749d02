import { mutationsIn } from "./mutation";

/** One call among others is missing, or another transaction's: Stryker only empties whole blocks. */
const CALLS = `
# lib/services/deposits/apply-collection.ts | suspend | deposits.db.test.ts
money that matches no deposit isn't posted to suspense
- await postEntry(tx, draftSuspense({ reference: source, occurredAt: context.now, provider, amount }));
# lib/services/back-office/assign-suspense.ts | assignSuspense | assign-suspense.db.test.ts
anyone may assign money in suspense
- requireSystem(context);
# lib/services/withdrawals/place-withdrawal.ts | placeWithdrawal | withdrawals.db.test.ts
a withdrawal is reserved and never submitted
- await enqueueSubmission(tx, operation.id);
# lib/services/withdrawals/place-withdrawal.ts | placeWithdrawal | fenced-withdrawals.db.test.ts
a withdrawal's job is enqueued outside its transaction
- enqueueSubmission(tx,
+ enqueueSubmission(context.db as never,
# lib/services/withdrawals/request-withdrawal.ts | requestWithdrawal | withdrawal-pins.db.test.ts
a withdrawal is confirmed without PIN and passkey
- await checkConfirmation(context, confirmation, quoteId);
# lib/services/withdrawals/requeue-withdrawals.ts | requeueAll | withdrawals.db.test.ts
the sweep requeues no withdrawal
- await enqueueSubmission(tx, id)
# lib/services/withdrawals/settle.ts | reverse | withdrawals.db.test.ts
a reversed payout isn't credited back
- await postEntry(tx, draftReversedPayout(eventOf(context, operation)));
# lib/services/withdrawals/settle.ts | refund | withdrawals.db.test.ts
a refund isn't credited back
- await postEntry(tx, draftRefund(eventOf(context, operation)));
# lib/services/transfers/confirm-transfer.ts | confirmQuote | quotes.db.test.ts
a transfer is confirmed without PIN and passkey
- await checkConfirmation(context, confirmation, quote.id);
# lib/services/tontines/payouts/approve-payout.ts | approvePayout | lib/services/tontines/pins.db.test.ts
a tontine's payout is approved without the PIN
- await checkPin(context, pin);
# lib/services/provider-events/requeue-webhooks.ts | requeueWebhooks | contradictions.db.test.ts
the sweep requeues no webhook
- await enqueueProcessing(tx, id)
# lib/services/provider-events/receive-webhook.ts | receiveWebhook | receive-webhook.db.test.ts
a webhook's job is enqueued outside its transaction
- enqueueProcessing(tx,
+ enqueueProcessing(context.db as never,
# lib/services/identity/users/authenticate.ts | userOfPassword | people.db.test.ts
password tries aren't limited
- await takeTry(context, more);
# lib/services/api-access/sessions/refresh-api-session.ts | refreshApiSession | api-sessions.db.test.ts
the revocation of a session is rolled back with the refusal
- return result;
+ if (result === "reused") throw new DomainError("unauthenticated"); return result;
# db/run-migrations.ts | apply | run-migrations.db.test.ts
an applied migration isn't recorded
- await note(tx);
# lib/jobs/sweeps.ts | sweepOnce | sweeps.db.test.ts
a failing sweep stops the others
- catch (error) {
+ catch (error) { throw error;
`;

/** One condition of a query or one option of a call: Stryker empties the whole object, and changes no arguments. */
const ARGUMENTS = `
# lib/services/idempotency/store.ts | isKey | lib/services/deposits/api-deposits.db.test.ts
an idempotency key finds another user's deposit
- eq(idempotencyKeys.userId, userId),
# lib/services/operations/store.ts | findLatestOpenAttempt | lib/services/withdrawals/bank-withdrawals.db.test.ts
the window for a late acceptance begins at the first attempt
- desc(operationEvents.id)
+ operationEvents.id
# lib/auth/access-token.ts | verifyAccessToken | access-token.test.ts
an access token of another issuer is accepted
- issuer: settings.issuer,
an access token may choose its algorithm
- algorithms: [settings.algorithm],
# lib/auth/google-token.ts | googleAuthorizationUrl | lib/api/auth/auth-calls.db.test.ts
Google is asked without a nonce
- state, nonce, code_challenge:
+ state, code_challenge:
# lib/providers/getmipay/webhook.ts | verifyGetMiPayWebhook | webhook.test.ts
unsigned fields of a webhook are trusted (GetMiPay)
- toWebhookEvent({ event: null, transactionId: null, data, whole: data })
+ toWebhookEvent(wholePart(parse(rawBody) as never))
`;

/** Constants of modules: Stryker counts them as survived, since with vitest 4 it changes them after they were read. */
const CONSTANTS = `
# db/transaction.ts | RETRIED_CODES | transaction.test.ts
a deadlock isn't retried
- "40P01"
+ "40001"
# lib/log.ts | REDACTED | log.test.ts
phone numbers are logged in full
- "*.phone"
+ "*.pin"
API keys are logged
- "apiKey"
+ "pin"
# lib/services/identity/pin/policy.ts | PIN_TRIES_MAX | pins.db.test.ts
a PIN allows six tries
- = 5
+ = 5 + 1
# lib/api/amount.ts | amountInput | mount-call.test.ts
the API accepts a negative amount
- .positive("not_positive")
# lib/jobs/sweeps.ts | SWEEPS | sweeps.db.test.ts
stale withdrawals aren't swept
- requeueWithdrawals,
unpaid deposits aren't swept
- expireDeposits,
`;

/** Defects of TypeScript that Stryker's operators don't make and that no other scenario would notice. */
export const CODE_MUTATIONS = mutationsIn(CALLS + ARGUMENTS + CONSTANTS);
