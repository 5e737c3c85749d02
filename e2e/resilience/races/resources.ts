import { allWaysOutOfOneBalance, transfersOfOneBalance, withdrawalsOfOneBalance } from "./balances";
import {
  lookUpsCountedAfterwards,
  lookUpsOfNames,
  missesOfNumbers,
  missesReadAndWrittenBack,
} from "./budgets";
import { accountOfAddress, lastPlacesForKeys, successorOfKey, successorOfRefreshToken } from "./credentials";
import { cyclesOfTransfers, opposingTransfers } from "./cycles";
import { oneSumInSuspense, oneWebhook, webhooksAndPollers } from "./deposits";
import { decisionsAndWebhooks, oneDecision, oneRefund, oneSubmission, stopAndSubmissions } from "./payouts";
import { triesOfPin, triesOfPinCountedAfterwards } from "./pins";
import { oneKey, oneKeyForSeveralOrders, oneQuoteOfTransfer, oneQuoteOfWithdrawal } from "./repeats";
import type { Race } from "./round";
import {
  lastPlacesForVaults,
  putsAndClosesOfOneVault,
  takesAndLocksOfOneVault,
  takesOfOneVault,
} from "./vaults";

/** Something that there is only so much of, and thirty who want it at once. */
export interface Resource {
  name: string;
  /** What keeps it: taken away from the product's own code in the control (without-locks.ts), unless that has a twin. */
  lock: string;
  race: Race;
  /** Where the lock is one statement of the product's: the same done in two, by a few lines of ours on its table. */
  twin?: Race;
}

const POSTING = "ledger_post's row locks and (account, version)";
const OPERATION = "the operation's row lock, (source, step)";
const KEY = "the primary key of idempotency_keys";

/** In the order in which they take turns. */
export const RESOURCES: readonly Resource[] = [
  { name: "transfers of one balance", lock: POSTING, race: transfersOfOneBalance },
  { name: "withdrawals of one balance", lock: POSTING, race: withdrawalsOfOneBalance },
  { name: "all ways out of one balance", lock: POSTING, race: allWaysOutOfOneBalance },
  { name: "takes of one vault", lock: `${POSTING}, the vault's row lock`, race: takesOfOneVault },
  {
    name: "takes and locks of one vault",
    lock: "the vault's row lock, its trigger",
    race: takesAndLocksOfOneVault,
  },
  { name: "puts and closes of one vault", lock: "the vault's row lock", race: putsAndClosesOfOneVault },
  { name: "last places for vaults", lock: "the wallet's row lock", race: lastPlacesForVaults },
  { name: "last places for keys", lock: "the user's row lock", race: lastPlacesForKeys },
  { name: "successor of a key", lock: "the user's row lock, one replaces_key_id", race: successorOfKey },
  {
    name: "successor of a refresh token",
    lock: "the session's row lock, the token's primary key",
    race: successorOfRefreshToken,
  },
  {
    name: "account of an address",
    lock: "one e-mail address, one identity, the user's row lock",
    race: accountOfAddress,
  },
  {
    name: "tries of a PIN",
    lock: "one update that counts and looks",
    race: triesOfPin,
    twin: triesOfPinCountedAfterwards,
  },
  { name: "one key", lock: KEY, race: oneKey },
  { name: "one key for several orders", lock: KEY, race: oneKeyForSeveralOrders },
  { name: "one quote of a withdrawal", lock: `the quote's row lock, ${KEY}`, race: oneQuoteOfWithdrawal },
  { name: "one quote of a transfer", lock: KEY, race: oneQuoteOfTransfer },
  {
    name: "one webhook",
    lock: `one (provider, event), the event's row lock, ${OPERATION}`,
    race: oneWebhook,
  },
  { name: "webhooks and pollers", lock: OPERATION, race: webhooksAndPollers },
  {
    name: "one sum in suspense",
    lock: "one reverses_entry_id, the deposit's row lock",
    race: oneSumInSuspense,
  },
  { name: "one submission", lock: "the operation's row lock", race: oneSubmission },
  { name: "one refund", lock: OPERATION, race: oneRefund },
  { name: "one decision", lock: OPERATION, race: oneDecision },
  // There is no cancelling here: this is what may come between a payout and its end.
  { name: "decisions and webhooks", lock: OPERATION, race: decisionsAndWebhooks },
  { name: "the stop of payouts", lock: "the switch's advisory lock", race: stopAndSubmissions },
  { name: "opposing transfers", lock: "ledger_post's order of locks", race: opposingTransfers },
  { name: "cycles of transfers", lock: "ledger_post's order of locks", race: cyclesOfTransfers },
  {
    name: "look-ups of names",
    lock: "one upsert that counts",
    race: lookUpsOfNames,
    twin: lookUpsCountedAfterwards,
  },
  {
    name: "misses of numbers",
    lock: "one upsert that counts",
    race: missesOfNumbers,
    twin: missesReadAndWrittenBack,
  },
];
