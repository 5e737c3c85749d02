import {
  inFunction,
  removeCall,
  removeMethod,
  removeProperty,
  replaceCall,
  replaceComparison,
  replaceInitialValue,
  replaceString,
  rethrow,
} from "./code-change";
import { type Mutation, mutationsOf } from "./mutation";

const RECEIVED_WEBHOOKS = ["lib/services/provider-events/receive-webhook.db.test.ts"];

/** Requests and responses. */
const HTTP: readonly Mutation[] = [
  ...mutationsOf(
    "lib/api/amount.ts",
    ["lib/api/mount-call.test.ts"],
    [
      {
        name: "the API accepts a negative amount",
        change: inFunction("amountInput", removeMethod("positive")),
        only: "amounts",
      },
    ],
  ),
  ...mutationsOf(
    "lib/http/origin-guard.ts",
    ["lib/http/origin-guard.test.ts"],
    [
      {
        name: "an origin that starts with ours is accepted",
        change: inFunction(
          "isOwnOrigin",
          replaceComparison("base", ({ left, right }) => `${left}.startsWith(${right})`),
        ),
      },
    ],
  ),
  ...mutationsOf(
    "lib/http/define-route.ts",
    ["lib/http/define-route.test.ts"],
    [
      {
        name: "a response quotes an unexpected error",
        change: inFunction(
          "errorResponse",
          replaceInitialValue("sentence", (sentence) => `known === error ? ${sentence} : String(error)`),
        ),
      },
    ],
  ),
];

/** What providers answer and send. */
const PROVIDERS: readonly Mutation[] = [
  ...mutationsOf(
    "lib/providers/payment-url.ts",
    ["lib/providers/getmipay/mapper.test.ts"],
    [
      {
        name: "a payment page on a host that starts like the provider's is accepted",
        change: inFunction(
          "isPaymentUrl",
          replaceCall(
            "includes",
            ([host], hosts) => `${hosts}.some((mutatedHost) => ${host}.startsWith(mutatedHost))`,
          ),
        ),
      },
    ],
  ),
  ...mutationsOf(
    "lib/providers/getmipay/mapper.ts",
    ["lib/providers/getmipay/mapper.test.ts"],
    [
      {
        name: "HTTP 504 counts as declined (GetMiPay)",
        change: inFunction("errorKind", replaceString("outcome_unknown", "declined")),
      },
      {
        name: "an unreadable success response counts as declined (GetMiPay)",
        change: inFunction("toPayoutCreated", replaceString("outcome_unknown", "declined")),
      },
    ],
  ),
  ...mutationsOf(
    "lib/providers/paystack/answer.ts",
    ["lib/providers/paystack/mapper.test.ts"],
    [
      {
        name: "HTTP 504 counts as declined (Paystack)",
        change: inFunction("toProviderError", replaceString("outcome_unknown", "declined")),
      },
      {
        name: "a 4xx from a proxy counts as declined (Paystack)",
        change: inFunction("refusalKind", replaceString("outcome_unknown", "declined", { inIf: true })),
      },
    ],
  ),
  ...mutationsOf(
    "lib/providers/getmipay/webhook.ts",
    ["lib/providers/getmipay/webhook.test.ts"],
    [
      {
        name: "unsigned fields of a webhook are trusted (GetMiPay)",
        change: inFunction(
          "verifyGetMiPayWebhook",
          replaceCall("eventWithinData", () => "eventName(document.body.event)"),
        ),
        only: "nothing outside the signed part is used",
      },
    ],
  ),
];

/** Webhooks on their way into the database and out of the queue. */
const WEBHOOKS: readonly Mutation[] = [
  ...mutationsOf(
    "lib/services/provider-events/requeue-webhooks.ts",
    ["lib/services/provider-events/contradictions.db.test.ts"],
    [
      {
        name: "the sweep requeues no webhook",
        change: inFunction("requeueWebhooks", removeCall("enqueueProcessing")),
      },
    ],
  ),
  ...mutationsOf("lib/services/provider-events/receive-webhook.ts", RECEIVED_WEBHOOKS, [
    {
      name: "a webhook's job is enqueued outside its transaction",
      change: inFunction(
        "receiveWebhook",
        replaceCall("enqueueProcessing", ([, id]) => `enqueueProcessing(context.db as never, ${id})`),
      ),
    },
  ]),
];

/** Sweeps and migrations. */
const RUNNING: readonly Mutation[] = [
  ...mutationsOf(
    "lib/jobs/sweeps.ts",
    ["lib/jobs/sweeps.db.test.ts"],
    [
      { name: "a failing sweep stops the others", change: inFunction("sweepOnce", rethrow()) },
      // An object without one of its properties isn't one of Stryker's mutations.
      {
        name: "stale withdrawals aren't swept",
        change: inFunction("SWEEPS", removeProperty("requeueWithdrawals")),
      },
      {
        name: "unpaid deposits aren't swept",
        change: inFunction("SWEEPS", removeProperty("expireDeposits")),
      },
    ],
  ),
  ...mutationsOf(
    "db/run-migrations.ts",
    ["db/run-migrations.db.test.ts"],
    [
      {
        name: "an applied migration isn't recorded",
        change: inFunction("apply", removeCall("note", { last: true })),
        only: "run once each",
      },
    ],
  ),
];

/** Constants of modules: Stryker counts them as survived, since with vitest 4 it changes them after they were read. */
const CONSTANTS: readonly Mutation[] = [
  ...mutationsOf(
    "db/transaction.ts",
    ["db/transaction.test.ts"],
    [
      {
        name: "a deadlock isn't retried",
        change: inFunction("RETRIED_CODES", replaceString("40P01", "40001")),
      },
    ],
  ),
  ...mutationsOf(
    "lib/log.ts",
    ["lib/log.test.ts"],
    [
      {
        name: "phone numbers are logged in full",
        change: inFunction("REDACTED", replaceString("*.phone", "*.mutated")),
      },
      { name: "API keys are logged", change: inFunction("REDACTED", replaceString("apiKey", "mutated")) },
    ],
  ),
];

/** Defects of the API, providers, webhooks, sweeps and migrations that Stryker's operators don't make. */
export const BOUNDARY_MUTATIONS: readonly Mutation[] = [
  ...HTTP,
  ...PROVIDERS,
  ...WEBHOOKS,
  ...RUNNING,
  ...CONSTANTS,
];
