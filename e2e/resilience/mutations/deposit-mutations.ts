import { type Mutation, mutationsOf } from "./mutation";

const DEPOSITS = ["lib/services/deposits/deposits.db.test.ts"];
const API_DEPOSITS = ["lib/services/deposits/api-deposits.db.test.ts"];
const SUSPENSE = ["lib/services/back-office/assign-suspense.db.test.ts"];

/** Crediting deposits. */
const CREDITING: readonly Mutation[] = [
  ...mutationsOf("lib/services/deposits/apply-collection.ts", DEPOSITS, [
    {
      name: "a deposit is credited for any paid amount",
      find: 'return update.amount?.amountMinor === operation.amountMinor ? null : "amount_mismatch";',
      replace: "return null;",
      only: "goes to suspense with a reason",
    },
    {
      name: "a deposit is credited for any paid currency",
      find: 'if (update.currencyCode !== operation.currency) return "currency_mismatch";',
      replace: "",
      only: "another currency of ours",
    },
    {
      name: "a second payment for one reference isn't put in suspense",
      find: "if (isOtherTransaction(operation, update))",
      replace: "if (false)",
      only: "under another id of the provider",
    },
    {
      name: "a payment after the deposit expired is ignored",
      find: 'if (operation.state === "succeeded") return ignored("already_succeeded");',
      replace: 'if (operation.state !== "pending") return ignored("already_succeeded");',
      only: "expires when it stays unpaid",
    },
    {
      name: "money that matches no deposit isn't posted to suspense",
      find: "await postEntry(tx, draftSuspense({ reference: source, occurredAt: context.now, provider, amount }));",
      replace: "",
      only: "goes to suspense with a reason",
    },
  ]),
  ...mutationsOf(
    "lib/services/deposits/apply-collection.ts",
    ["lib/services/provider-events/paystack.db.test.ts"],
    [
      {
        name: "live money is credited on a test deployment",
        find: 'if (isOtherMode(update)) return needsReview("other_mode");',
        replace: "",
        only: "of the live mode",
      },
    ],
  ),
  ...mutationsOf(
    "lib/services/deposits/apply-collection.ts",
    ["lib/services/deposits/check-deposit.db.test.ts"],
    [
      {
        name: "a payment reversed after its credit is ignored",
        find: 'if (operation.state === "succeeded") return needsReview("reversed_after_credit");',
        replace: "",
        only: "taken back after it was credited",
      },
    ],
  ),
];

/** Starting, replaying and expiring deposits. */
const STARTING: readonly Mutation[] = [
  ...mutationsOf("lib/services/deposits/place-deposit.ts", DEPOSITS, [
    {
      name: "a timeout of the provider fails the deposit",
      find: 'const certain = isConclusiveRefusal(error) || error.kind === "unavailable" || error.kind === "rate_limited";',
      replace: "const certain = true;",
      only: "whose provider times out",
    },
    {
      name: "a replayed form requests a second payment",
      find: "if (placed.replayed) return placed;",
      replace: "",
      only: "with one key is made once",
    },
  ]),
  ...mutationsOf("lib/services/idempotency/claim.ts", DEPOSITS, [
    {
      name: "an idempotency key is replayed for another request",
      find: 'if (!inputHash.equals(hashOfInput(input))) throw new DomainError("idempotency_mismatch");',
      replace: "",
      only: "with a replayed key and another amount",
    },
  ]),
  ...mutationsOf("lib/services/idempotency/store.ts", API_DEPOSITS, [
    {
      name: "an idempotency key finds another user's deposit",
      find: "and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.key, key));",
      replace: "eq(idempotencyKeys.key, key);",
      only: "somebody else's same key",
    },
  ]),
  ...mutationsOf("lib/services/deposits/check-return-url.ts", API_DEPOSITS, [
    {
      name: "a return URL may contain credentials",
      find: 'if (url?.username === "" && url.password === "") return value;',
      replace: "if (url) return value;",
    },
  ]),
  ...mutationsOf("lib/services/deposits/expire-deposits.ts", DEPOSITS, [
    {
      name: "a deposit expires before its deadline",
      find: "if (!operation.expiresAt || operation.expiresAt > context.now) return false;",
      replace: "if (!operation.expiresAt) return false;",
      only: "a moment before its time",
    },
    {
      name: "the sweep expires no deposit",
      find: "for (const operation of page.rows) if (await expire(context, operation, false)) changed += 1;",
      replace: "",
      only: "expires when it stays unpaid",
    },
  ]),
];

/** Assigning money in suspense. */
const ASSIGNING: readonly Mutation[] = mutationsOf("lib/services/back-office/assign-suspense.ts", SUSPENSE, [
  {
    name: "anyone may assign money in suspense",
    find: "requireSystem(context);",
    replace: "",
    only: "and for other actors",
  },
  {
    name: "suspense is assigned to a deposit of another amount",
    find: "deposit.amountMinor === suspense.amountMinor",
    replace: "true",
    only: "is credited as a deposit of its own",
  },
]);

/** Defects that show only between two transactions. */
const INTERLEAVINGS: readonly Mutation[] = [
  ...mutationsOf(
    "lib/services/deposits/apply-collection.ts",
    ["lib/services/provider-events/receive-webhook.db.test.ts"],
    [
      {
        name: "another provider may confirm a deposit",
        find: 'if (operation?.type !== "deposit" || operation.provider !== update.provider) {',
        replace: 'if (operation?.type !== "deposit") {',
      },
    ],
  ),
];

export const DEPOSIT_MUTATIONS: readonly Mutation[] = [
  ...INTERLEAVINGS,
  ...CREDITING,
  ...STARTING,
  ...ASSIGNING,
];
