import { type Mutation, mutationsOf } from "./mutation";

const WITHDRAWALS = ["lib/services/withdrawals/withdrawals.db.test.ts"];
const BANKS = ["lib/services/withdrawals/bank-withdrawals.db.test.ts"];

/** How timeouts, 5xx and "not found" are interpreted. */
const RESPONSES: readonly Mutation[] = [
  ...mutationsOf("lib/providers/provider.ts", WITHDRAWALS, [
    {
      name: "a payout that timed out is refunded",
      find: 'error instanceof ProviderError && (error.kind === "declined" || error.kind === "invalid_destination")',
      replace: "error instanceof ProviderError",
      only: "never refunds on a timeout",
    },
  ]),
  ...mutationsOf(
    "lib/providers/getmipay/mapper.ts",
    ["lib/providers/getmipay/mapper.test.ts"],
    [
      {
        name: "HTTP 504 counts as declined (GetMiPay)",
        find: 'default:\n      return "outcome_unknown";',
        replace: 'default:\n      return "declined";',
      },
      {
        name: "an unreadable success response counts as declined (GetMiPay)",
        find: 'if (!parsed.success) throw new ProviderError("outcome_unknown", "malformed_answer");\n  return { providerReference: parsed.data.payout_id };',
        replace:
          'if (!parsed.success) throw new ProviderError("declined", "malformed_answer");\n  return { providerReference: parsed.data.payout_id };',
      },
    ],
  ),
  ...mutationsOf(
    "lib/providers/paystack/answer.ts",
    ["lib/providers/paystack/mapper.test.ts"],
    [
      {
        name: "HTTP 504 counts as declined (Paystack)",
        find: 'default:\n      return new ProviderError("outcome_unknown", code);',
        replace: 'default:\n      return new ProviderError("declined", code);',
      },
      {
        name: "a 4xx from a proxy counts as declined (Paystack)",
        find: 'if (complaint === null) return "outcome_unknown";',
        replace: 'if (complaint === null) return "declined";',
      },
    ],
  ),
  ...mutationsOf(
    "lib/providers/exchange.ts",
    ["lib/providers/paystack/contract.test.ts"],
    [
      {
        name: "an interrupted call counts as never sent",
        find: "mayHaveSent = true;",
        replace: "mayHaveSent = false;",
      },
    ],
  ),
  ...mutationsOf("lib/services/withdrawals/query-payout.ts", BANKS, [
    {
      name: "a payout unknown to its provider is refunded",
      find: 'if (state.status === "not_found") return "not_found";',
      replace: 'if (state.status === "not_found") state = { ...state, status: "failed" };',
      only: "and doesn't know of it is sent again",
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/record-answer.ts", BANKS, [
    {
      name: "a declined second attempt is refunded while the first may still be paid",
      find: "if (await mayStillAppear(tx, context, operation)) {",
      replace: "if (false) {",
      only: "and refuses the second try",
    },
  ]),
  ...mutationsOf("lib/services/operations/store.ts", BANKS, [
    {
      name: "the window for a late acceptance begins at the first attempt",
      find: ".orderBy(desc(operationEvents.id))\n    .limit(1);",
      replace: ".orderBy(operationEvents.id)\n    .limit(1);",
      only: "counts the time for a late acceptance from the latest attempt",
    },
  ]),
];

/** Paid once, refunded once, never both. */
const OUTCOMES: readonly Mutation[] = [
  ...mutationsOf("lib/services/withdrawals/submit-withdrawal.ts", WITHDRAWALS, [
    {
      name: "a payout of unknown outcome is resent to a provider without idempotent references",
      find: 'if (!provider.capabilities.payoutReferenceIsIdempotent) return "done";',
      replace: "",
      only: "whose references are not idempotent",
    },
    {
      name: "a submission in progress counts as stale",
      find: "const isStale = context.now.getTime() - operation.updatedAt.getTime() > SUBMISSION_STALE_MS;",
      replace: "const isStale = true;",
      only: "settles once, whatever the number of workers",
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/submit-withdrawal.ts", BANKS, [
    {
      name: "a payout that isn't found is resent to a provider without idempotent references",
      find: 'if (!provider.capabilities.payoutReferenceIsIdempotent)\n    return queried.state === "unknown" ? "again" : "done";',
      replace: "",
      only: "pays twice for one reference",
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/apply-payout.ts", WITHDRAWALS, [
    {
      name: "an unconfirmed failure webhook undoes a paid payout",
      find: 'if (!isReversal && !update.confirmed) return needsReview("failed_after_paid");',
      replace: "",
      only: "failed after success",
    },
    {
      name: "a payout of another amount is settled",
      find: 'if (amount && amount.amountMinor !== operation.amountMinor) return needsReview("amount_mismatch");',
      replace: "",
      only: "of another amount than requested",
    },
    {
      name: "a live payout is settled on a test deployment",
      find: 'if (isOtherMode(update)) return needsReview("other_mode");',
      replace: "",
      only: "of the other mode",
    },
    {
      name: "money paid out after its refund isn't frozen",
      find: "await freeze(tx, context, operation);",
      replace: "",
      only: "success after a refund",
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/settle.ts", WITHDRAWALS, [
    {
      name: "a reversed payout isn't credited back",
      find: "await postEntry(tx, draftReversedPayout(eventOf(context, operation)));",
      replace: "",
      only: "reversed after success",
    },
    {
      name: "a refund isn't credited back",
      find: "await postEntry(tx, draftRefund(eventOf(context, operation)));",
      replace: "",
      only: "refunds exactly once",
    },
  ]),
  ...mutationsOf("lib/services/operations/store.ts", WITHDRAWALS, [
    {
      name: "workers don't lock the operation they submit",
      find: 'const [row] = await tx.select().from(operations).where(eq(operations.id, id)).for("update");',
      replace: "const [row] = await tx.select().from(operations).where(eq(operations.id, id));",
      only: "settles once, whatever the number of workers",
    },
  ]),
  ...mutationsOf("db/migrations/0001_operation_kinds.sql", WITHDRAWALS, [
    {
      name: "a withdrawal that was never submitted may be refunded",
      find: "('withdrawal', 'created', 'paid'),",
      replace: "('withdrawal', 'created', 'paid'), ('withdrawal', 'created', 'refunded'),",
      only: "refuses the edge",
    },
  ]),
  ...mutationsOf("db/migrations/0001_operation_kinds.sql", WITHDRAWALS, [
    {
      name: "amount and fee of an operation may change",
      find: "new.amount_minor, new.fee_minor,",
      replace: "old.amount_minor, old.fee_minor,",
      only: "refuses to change what was requested",
    },
  ]),
];

/** Defects that show only between two transactions. */
const INTERLEAVINGS: readonly Mutation[] = [
  ...mutationsOf(
    "lib/services/withdrawals/apply-payout.ts",
    ["lib/services/withdrawals/fenced-withdrawals.db.test.ts"],
    [
      {
        name: "a payout in another currency is settled",
        find: 'if (currencyCode !== null && currencyCode !== operation.currency) return needsReview("currency_mismatch");',
        replace: "",
      },
      {
        name: "another provider transaction settles a payout",
        find: 'if (isOtherTransaction(operation, update)) return needsReview("other_provider_reference");',
        replace: "",
      },
    ],
  ),
  ...mutationsOf(
    "lib/services/withdrawals/record-answer.ts",
    ["lib/services/withdrawals/fenced-withdrawals.db.test.ts"],
    [
      {
        name: "the response to an earlier attempt is applied to the current one",
        find: 'operation.state === "submitting" && operation.attempt === begun.attempt',
        replace: 'operation.state === "submitting"',
      },
    ],
  ),
];

export const PAYOUT_MUTATIONS: readonly Mutation[] = [...INTERLEAVINGS, ...RESPONSES, ...OUTCOMES];
