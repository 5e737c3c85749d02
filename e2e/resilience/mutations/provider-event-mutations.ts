import { type Mutation, mutationsOf } from "./mutation";

const DEPOSITS = ["lib/services/deposits/deposits.db.test.ts"];
const GETMIPAY = ["lib/providers/getmipay/webhook.test.ts"];

/** Which provider updates are trusted. */
const TRUST: readonly Mutation[] = [
  ...mutationsOf("lib/services/provider-events/process-webhook.ts", DEPOSITS, [
    {
      name: "a webhook is trusted although its provider can be queried",
      find: 'if (event.kind === "collection" && queriesCollections && provider.getCollection) {',
      replace: "if (false) {",
      only: "is believed, and its webhook is not",
    },
    {
      name: "an event is closed while the provider still reports the payment as open",
      find: "if (isOpen(confirmed)) return true;",
      replace: "",
      only: "whose books are behind its own event",
    },
  ]),
  ...mutationsOf(
    "db/migrations/0000_schema.sql",
    ["lib/services/provider-events/paystack.db.test.ts"],
    [
      {
        name: "a redelivered event is stored again",
        find: 'CREATE UNIQUE INDEX "webhook_events_key"',
        replace: 'CREATE INDEX "webhook_events_key"',
        only: "reported three times",
      },
    ],
  ),
  ...mutationsOf(
    "lib/services/provider-events/requeue-webhooks.ts",
    ["lib/services/provider-events/contradictions.db.test.ts"],
    [
      {
        name: "the sweep requeues no webhook",
        find: "for (const { id } of open) await",
        replace: "for (const { id } of open.slice(0, 0)) await",
      },
    ],
  ),
];

/** Authentication of webhooks and callbacks. */
const AUTHENTICATION: readonly Mutation[] = [
  ...mutationsOf("lib/providers/getmipay/webhook.ts", GETMIPAY, [
    {
      name: "any signature of the right length is accepted (GetMiPay)",
      find: "return expected.length === signature.length && timingSafeEqual(expected, signature);",
      replace: "return expected.length === signature.length;",
    },
    {
      name: "unsigned fields of a webhook are trusted (GetMiPay)",
      find: "event: eventWithinData(document.data), transactionId: null,",
      replace: "event: eventName(document.body.event), transactionId: null,",
      only: "nothing outside the signed part is used",
    },
    {
      name: "an event with contradicting statuses moves money (GetMiPay)",
      find: "if (data.status !== undefined && STATUS_OF_DATA.get(claimed) !== status) return false;",
      replace: "",
    },
    {
      name: "another currency is taken for francs (GetMiPay)",
      find: 'const isFrancs = currency === null || (currencyCode === "XOF" && isCurrency(currencyCode));',
      replace: "const isFrancs = currencyCode === null || isCurrency(currencyCode);",
      only: "is named and not converted",
    },
  ]),
  ...mutationsOf(
    "lib/providers/getmipay/signed-json.ts",
    ["lib/providers/getmipay/webhook.test.ts"],
    [
      {
        name: "signed JSON with a duplicate name is accepted",
        find: 'if (typeof key !== "string" || frame.keys?.has(key)) return false;',
        replace: 'if (typeof key !== "string") return false;',
      },
    ],
  ),
  ...mutationsOf(
    "lib/providers/paystack/webhook.ts",
    ["lib/providers/paystack/webhook.test.ts"],
    [
      {
        name: "a webhook needs no signature (Paystack)",
        find: "|| !isSigned(rawBody, headers, secretKey)",
        replace: "",
      },
      {
        name: "an event with contradicting statuses moves money (Paystack)",
        find: "if (state.status !== known.status || subject === null)",
        replace: "if (subject === null)",
      },
    ],
  ),
  ...mutationsOf(
    "lib/providers/getmipay/public/callback.ts",
    ["lib/providers/getmipay/public/webhook.test.ts"],
    [
      {
        name: "a callback URL is valid for any reference",
        find: 'return timingSafeEqual(expected, Buffer.from(proof, "hex")) ? reference : null;',
        replace: "return reference;",
      },
    ],
  ),
];

/** Defects that show only between two transactions. */
const INTERLEAVINGS: readonly Mutation[] = [
  ...mutationsOf(
    "lib/services/provider-events/process-webhook.ts",
    ["lib/services/provider-events/receive-webhook.db.test.ts"],
    [
      {
        name: "an unsigned webhook is trusted although its provider can't be queried",
        find: "if (!confirmed && !provider.capabilities.signedWebhooks)",
        replace: "if (false)",
      },
    ],
  ),
  ...mutationsOf(
    "lib/services/provider-events/receive-webhook.ts",
    ["lib/services/provider-events/receive-webhook.db.test.ts"],
    [
      {
        name: "a webhook is stored and never processed",
        find: "if (row) await enqueueProcessing(tx, row.id);",
        replace: "",
      },
      {
        name: "a webhook's job is enqueued outside its transaction",
        find: "if (row) await enqueueProcessing(tx, row.id);",
        replace: "if (row) await enqueueProcessing(context.db as never, row.id);",
      },
    ],
  ),
];

export const PROVIDER_EVENT_MUTATIONS: readonly Mutation[] = [...INTERLEAVINGS, ...TRUST, ...AUTHENTICATION];
