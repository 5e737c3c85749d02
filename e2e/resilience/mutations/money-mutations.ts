import {
  inFunction,
  removeCall,
  removeCondition,
  removeMethod,
  replaceCall,
  replaceComparison,
} from "./code-change";
import { type Mutation, mutationsOf } from "./mutation";

const DEPOSITS = ["lib/services/deposits/deposits.db.test.ts"];
const WITHDRAWALS = ["lib/services/withdrawals/withdrawals.db.test.ts"];
const FENCED = ["lib/services/withdrawals/fenced-withdrawals.db.test.ts"];
const BANKS = ["lib/services/withdrawals/bank-withdrawals.db.test.ts"];
const QUOTES = ["lib/services/transfers/quotes.db.test.ts"];
const VAULTS = ["lib/services/vaults/vaults.db.test.ts"];
const LOCKS = ["lib/services/vaults/vault-locks.db.test.ts"];

const LEDGER: readonly Mutation[] = [
  ...mutationsOf(
    "lib/ledger/draft.ts",
    ["lib/ledger/draft.test.ts"],
    [
      {
        name: "a refund doesn't return the fee",
        change: inFunction(
          "draftRefund",
          replaceCall("total", ([event]) => `${event}.amount`),
        ),
      },
    ],
  ),
];

const DEPOSIT_RULES: readonly Mutation[] = [
  ...mutationsOf("lib/services/deposits/apply-collection.ts", DEPOSITS, [
    {
      name: "a payment after the deposit expired is ignored",
      change: inFunction(
        "credit",
        replaceComparison("succeeded", ({ left }) => `${left} !== "pending"`),
      ),
      only: "expires when it stays unpaid",
    },
    {
      name: "money that matches no deposit isn't posted to suspense",
      change: inFunction("suspend", removeCall("postEntry")),
      only: "goes to suspense with a reason",
    },
  ]),
  ...mutationsOf(
    "lib/services/idempotency/store.ts",
    ["lib/services/deposits/api-deposits.db.test.ts"],
    [
      {
        name: "an idempotency key finds another user's deposit",
        change: inFunction("isKey", removeCondition("userId")),
        only: "somebody else's same key",
      },
    ],
  ),
  ...mutationsOf(
    "lib/services/back-office/assign-suspense.ts",
    ["lib/services/back-office/assign-suspense.db.test.ts"],
    [
      {
        name: "anyone may assign money in suspense",
        change: inFunction("assignSuspense", removeCall("requireSystem")),
        only: "and for other actors",
      },
    ],
  ),
];

const WITHDRAWAL_REQUESTS: readonly Mutation[] = [
  ...mutationsOf("lib/services/withdrawals/place-withdrawal.ts", WITHDRAWALS, [
    {
      name: "a withdrawal is reserved and never submitted",
      change: inFunction("placeWithdrawal", removeCall("enqueueSubmission")),
      only: "reserves the money with the operation and its job",
    },
    {
      name: "a withdrawal reserves no money",
      change: inFunction("placeWithdrawal", removeCall("postEntry")),
      only: "reserves the money with the operation and its job",
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/place-withdrawal.ts", FENCED, [
    {
      name: "a withdrawal's job is enqueued outside its transaction",
      change: inFunction(
        "placeWithdrawal",
        replaceCall("enqueueSubmission", ([, id]) => `enqueueSubmission(context.db as never, ${id})`),
      ),
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/store.ts", WITHDRAWALS, [
    {
      name: "another user's withdrawal quote can be confirmed",
      change: inFunction("findQuote", removeCondition("userId")),
      only: "of somebody else's quote",
    },
    {
      name: "concurrent confirmations of one quote don't wait for each other",
      change: inFunction("lockQuote", removeMethod("for")),
      only: "confirmed 30 times at once",
    },
  ]),
  ...mutationsOf(
    "lib/services/withdrawals/request-withdrawal.ts",
    ["lib/services/withdrawals/withdrawal-pins.db.test.ts"],
    [
      {
        name: "a withdrawal is confirmed without the PIN",
        change: inFunction("requestWithdrawal", removeCall("checkPin")),
      },
    ],
  ),
  ...mutationsOf("lib/services/withdrawals/requeue-withdrawals.ts", WITHDRAWALS, [
    {
      name: "the sweep requeues no withdrawal",
      change: inFunction("requeueAll", removeCall("enqueueSubmission")),
      only: "that stands still gets its job again",
    },
  ]),
];

const WITHDRAWAL_OUTCOMES: readonly Mutation[] = [
  ...mutationsOf("lib/services/withdrawals/query-payout.ts", BANKS, [
    {
      name: "a payout unknown to its provider is refunded",
      change: inFunction(
        "queryPayout",
        // The statement is left, and its condition turns the answer into a failure.
        replaceComparison(
          "not_found",
          ({ left }) => `${left} === "not_found" && !(${left} = "failed" as never)`,
        ),
      ),
      only: "and doesn't know of it is sent again",
    },
  ]),
  ...mutationsOf("lib/services/operations/store.ts", BANKS, [
    {
      name: "the window for a late acceptance begins at the first attempt",
      change: inFunction(
        "findLatestOpenAttempt",
        replaceCall("desc", ([column]) => `${column}`),
      ),
      only: "counts the time for a late acceptance from the latest attempt",
    },
  ]),
  ...mutationsOf("lib/services/operations/store.ts", WITHDRAWALS, [
    {
      name: "workers don't lock the operation they submit",
      change: inFunction("lockById", removeMethod("for")),
      only: "settles once, whatever the number of workers",
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/apply-payout.ts", WITHDRAWALS, [
    {
      name: "money paid out after its refund isn't frozen",
      change: inFunction("applySuccess", removeCall("freeze")),
      only: "success after a refund",
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/settle.ts", WITHDRAWALS, [
    {
      name: "a reversed payout isn't credited back",
      change: inFunction("reverse", removeCall("postEntry")),
      only: "reversed after success",
    },
    {
      name: "a refund isn't credited back",
      change: inFunction("refund", removeCall("postEntry")),
      only: "refunds exactly once",
    },
  ]),
  ...mutationsOf(
    "lib/services/payout-switches/payout-switch.ts",
    ["lib/services/payout-switches/payout-switches.db.test.ts"],
    [
      {
        name: "stopping payouts doesn't wait for a submission that has read the switch",
        change: inFunction("isPayoutStopped", removeCall("lockSwitchesShared")),
        only: "has looked at the switch and not yet begun",
      },
    ],
  ),
];

const TRANSFER_AND_VAULT_RULES: readonly Mutation[] = [
  ...mutationsOf("lib/services/transfers/confirm-transfer.ts", QUOTES, [
    {
      name: "a transfer is confirmed without the PIN",
      change: inFunction("confirmTransfer", removeCall("checkPin")),
      only: "with a wrong PIN moves nothing",
    },
  ]),
  ...mutationsOf("lib/services/transfers/store.ts", QUOTES, [
    {
      name: "another user's transfer quote can be confirmed",
      change: inFunction("findTransferQuote", removeCondition("userId", { inWhere: true })),
      only: "the person's own quote",
    },
  ]),
  ...mutationsOf("lib/services/vaults/store.ts", LOCKS, [
    {
      name: "a vault withdrawal doesn't wait for a lock that is being set",
      change: inFunction("lockVaultRow", removeMethod("for")),
      only: "a withdrawal that waits for a lock",
    },
  ]),
  ...mutationsOf("lib/services/vaults/store.ts", VAULTS, [
    {
      name: "another user's vault can be used",
      change: inFunction("findVault", removeCondition("walletId")),
      only: "whose vault it is",
    },
  ]),
  ...mutationsOf("lib/services/wallets/store.ts", VAULTS, [
    {
      name: "vaults created concurrently exceed the limit",
      change: inFunction("lockWalletOfUser", removeMethod("for")),
      only: "closing one makes room for one",
    },
  ]),
];

/** Defects in money verbs and what they share that Stryker's operators don't make: a call, a lock or a condition is missing. */
export const MONEY_MUTATIONS: readonly Mutation[] = [
  ...LEDGER,
  ...DEPOSIT_RULES,
  ...WITHDRAWAL_REQUESTS,
  ...WITHDRAWAL_OUTCOMES,
  ...TRANSFER_AND_VAULT_RULES,
];
