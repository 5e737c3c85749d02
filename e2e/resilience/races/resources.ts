import { allDebitsOfOneBalance, transfersFromOneBalance, withdrawalsFromOneBalance } from "./balances";
import { keyLimit, keyRollovers, signUpsWithOneAddress, tokenRefreshes } from "./credentials";
import { circularTransfers, opposingTransfers } from "./cycles";
import { assignmentsOfOneSuspenseEntry, deliveriesOfOneWebhook, webhooksAndQueries } from "./deposits";
import {
  confirmationsOfOneTransfer,
  confirmationsOfOneWithdrawal,
  differentRequestsWithOneKey,
  requestsWithOneKey,
} from "./idempotency";
import {
  payoutStopAndSubmissions,
  refundsOfOnePayout,
  resolutionsAndWebhooks,
  resolutionsOfOnePayout,
  submissionsOfOnePayout,
} from "./payouts";
import { pinTries, pinTriesCountedLate } from "./pins";
import {
  failedLookUps,
  failedLookUpsCountedLate,
  recipientLookUps,
  recipientLookUpsCountedLate,
} from "./rate-limits";
import type { Race } from "./round";
import { vaultDepositsAndClosing, vaultLimit, vaultWithdrawals, vaultWithdrawalsAndLocks } from "./vaults";

/** A limited resource that thirty callers compete for. */
export interface Resource {
  name: string;
  /** What protects it. The control runs the same race without it (without-locks.ts). */
  lock: string;
  race: Race;
  /** Control for a limit that is one atomic statement: does the same in two statements. */
  control?: Race;
}

const POSTING = "ledger_post's row locks and (account, version)";
const OPERATION = "the operation's row lock, (source, step)";
const KEY = "the primary key of idempotency_keys";

/** A round of each in turn: case number modulo their count. */
export const RESOURCES: readonly Resource[] = [
  { name: "transfers from one balance", lock: POSTING, race: transfersFromOneBalance },
  { name: "withdrawals from one balance", lock: POSTING, race: withdrawalsFromOneBalance },
  { name: "all debits of one balance", lock: POSTING, race: allDebitsOfOneBalance },
  { name: "withdrawals from one vault", lock: `${POSTING}, the vault's row lock`, race: vaultWithdrawals },
  {
    name: "withdrawals from and locks of one vault",
    lock: "the vault's row lock, its trigger",
    race: vaultWithdrawalsAndLocks,
  },
  {
    name: "deposits into and closing of one vault",
    lock: "the vault's row lock",
    race: vaultDepositsAndClosing,
  },
  { name: "limit of vaults", lock: "the wallet's row lock", race: vaultLimit },
  { name: "limit of API keys", lock: "the user's row lock", race: keyLimit },
  { name: "rollovers of one API key", lock: "the user's row lock, one replaces_key_id", race: keyRollovers },
  {
    name: "refreshes with one token",
    lock: "the session's row lock, the token's primary key",
    race: tokenRefreshes,
  },
  {
    name: "sign-ups with one e-mail address",
    lock: "one e-mail address, one identity, the user's row lock",
    race: signUpsWithOneAddress,
  },
  {
    name: "PIN tries",
    lock: "one update that checks and counts",
    race: pinTries,
    control: pinTriesCountedLate,
  },
  { name: "requests with one idempotency key", lock: KEY, race: requestsWithOneKey },
  { name: "different requests with one idempotency key", lock: KEY, race: differentRequestsWithOneKey },
  {
    name: "confirmations of one withdrawal",
    lock: `the quote's row lock, ${KEY}`,
    race: confirmationsOfOneWithdrawal,
  },
  { name: "confirmations of one transfer", lock: KEY, race: confirmationsOfOneTransfer },
  {
    name: "deliveries of one webhook",
    lock: `one (provider, event), the event's row lock, ${OPERATION}`,
    race: deliveriesOfOneWebhook,
  },
  { name: "webhooks and status queries", lock: OPERATION, race: webhooksAndQueries },
  {
    name: "assignments of one suspense entry",
    lock: "one reverses_entry_id, the deposit's row lock",
    race: assignmentsOfOneSuspenseEntry,
  },
  { name: "submissions of one payout", lock: "the operation's row lock", race: submissionsOfOnePayout },
  { name: "refunds of one payout", lock: OPERATION, race: refundsOfOnePayout },
  { name: "resolutions of one payout", lock: OPERATION, race: resolutionsOfOnePayout },
  { name: "resolutions and webhooks", lock: OPERATION, race: resolutionsAndWebhooks },
  { name: "payout stop and submissions", lock: "the switch's advisory lock", race: payoutStopAndSubmissions },
  { name: "opposing transfers", lock: "the order of ledger_post's row locks", race: opposingTransfers },
  { name: "circular transfers", lock: "the order of ledger_post's row locks", race: circularTransfers },
  {
    name: "recipient look-ups",
    lock: "one upsert that counts",
    race: recipientLookUps,
    control: recipientLookUpsCountedLate,
  },
  {
    name: "failed recipient look-ups",
    lock: "one upsert that counts",
    race: failedLookUps,
    control: failedLookUpsCountedLate,
  },
];
