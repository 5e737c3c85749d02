import { type Mutation, mutationsOf } from "./mutation";

const DEPOSITS = ["lib/services/deposits/deposits.db.test.ts"];
const GETMIPAY = ["lib/providers/getmipay/webhook.test.ts"];

/** Who may say that money came, and what is done about it. */
const EVENTS: readonly Mutation[] = [
  ...mutationsOf("lib/services/provider-events/process-webhook.ts", DEPOSITS, [
    {
      name: "a webhook is believed where its provider can be asked",
      find: 'if (event.kind === "collection" && queriesCollections && provider.getCollection) {',
      replace: "if (false) {",
      only: "is believed, and its webhook is not",
    },
    {
      name: "books that are behind an event end it",
      find: "if (isOpen(asked)) return true;",
      replace: "",
      only: "whose books are behind its own event",
    },
  ]),
  ...mutationsOf(
    "db/migrations/0000_schema.sql",
    ["lib/services/provider-events/paystack.db.test.ts"],
    [
      {
        name: "one event is stored as often as it is sent",
        find: 'CREATE UNIQUE INDEX "webhook_events_key"',
        replace: 'CREATE INDEX "webhook_events_key"',
        only: "told three times",
      },
    ],
  ),
  ...mutationsOf(
    "lib/services/provider-events/requeue-webhooks.ts",
    ["lib/services/provider-events/contradictions.db.test.ts"],
    [
      {
        name: "the sweep over webhooks does nothing",
        find: "for (const { id } of open) {",
        replace: "for (const { id } of open.slice(0, 0)) {",
      },
    ],
  ),
];

/** The proof of a callback. */
const PROOFS: readonly Mutation[] = [
  ...mutationsOf("lib/providers/getmipay/webhook.ts", GETMIPAY, [
    {
      name: "any signature of the right length will do (GetMiPay)",
      find: "return expected.length === signature.length && timingSafeEqual(expected, signature);",
      replace: "return expected.length === signature.length;",
    },
    {
      name: "the envelope is believed though only its data is signed",
      find: "event: eventWithinData(document.data), transactionId: null,",
      replace: "event: eventName(document.body.event), transactionId: null,",
      only: "nothing outside the signed part is believed",
    },
    {
      name: "an event that says two things at once moves money",
      find: "if (data.status !== undefined && STATUS_WORDS.get(word) !== status) return false;",
      replace: "",
    },
    {
      name: "another currency counts as francs",
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
        name: "a name that stands twice is read as one likes",
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
        name: "a callback needs no signature (Paystack)",
        find: "|| !isSigned(rawBody, headers, secretKey)",
        replace: "",
      },
      {
        name: "an event that its own status contradicts moves money",
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
        name: "a callback's address proves any reference",
        find: 'return timingSafeEqual(expected, Buffer.from(proof, "hex")) ? reference : null;',
        replace: "return reference;",
      },
    ],
  ),
];

/** Where only a moment between two transactions shows it. */
const MOMENTS: readonly Mutation[] = [
  ...mutationsOf(
    "lib/services/provider-events/process-webhook.ts",
    ["lib/services/provider-events/receive-webhook.db.test.ts"],
    [
      {
        name: "an unsigned webhook is believed where its provider can't be asked",
        find: "if (!asked && !provider.capabilities.signedWebhooks)",
        replace: "if (false)",
      },
    ],
  ),
  ...mutationsOf(
    "lib/services/provider-events/receive-webhook.ts",
    ["lib/services/provider-events/receive-webhook.db.test.ts"],
    [
      {
        name: "a webhook is kept and never processed",
        find: 'await enqueueJob(tx, "process_webhook", { eventId }, { key: JOB_KEY_PREFIX + eventId });',
        replace: "",
      },
      {
        name: "a webhook's job is written though the webhook is not",
        find: 'await enqueueJob(tx, "process_webhook", { eventId }, { key: JOB_KEY_PREFIX + eventId });',
        replace:
          'await enqueueJob(context.db as never, "process_webhook", { eventId }, { key: JOB_KEY_PREFIX + eventId });',
      },
    ],
  ),
];

export const PROVIDER_EVENT_MUTATIONS: readonly Mutation[] = [...MOMENTS, ...EVENTS, ...PROOFS];
