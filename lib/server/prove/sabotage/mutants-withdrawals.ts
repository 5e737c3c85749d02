import { defectsIn, type Mutant } from "./mutant";

const WITHDRAWALS = ["lib/services/withdrawals/withdrawals.db.test.ts"];
const BANKS = ["lib/services/withdrawals/bank-withdrawals.db.test.ts"];
const DECISIONS = ["lib/services/withdrawals/decide-withdrawal.db.test.ts"];
const SWITCHES = ["lib/services/payout-switches/payout-switches.db.test.ts"];

/** What a silence, a five hundred and a "not found" mean. */
const ANSWERS: readonly Mutant[] = [
  ...defectsIn("lib/providers/provider.ts", WITHDRAWALS, [
    {
      name: "a payout that timed out is refunded",
      find: 'error instanceof ProviderError && (error.kind === "declined" || error.kind === "invalid_destination")',
      replace: "error instanceof ProviderError",
      only: "never refunds on a timeout",
    },
  ]),
  ...defectsIn(
    "lib/providers/getmipay/mapper.ts",
    ["lib/providers/getmipay/mapper.test.ts"],
    [
      {
        name: "five hundred and four is a no (GetMiPay)",
        find: 'default:\n      return "outcome_unknown";',
        replace: 'default:\n      return "declined";',
      },
      {
        name: "a yes that can't be read is a no",
        find: 'if (!parsed.success) throw new ProviderError("outcome_unknown", "malformed_answer");\n  return { providerReference: parsed.data.payout_id };',
        replace:
          'if (!parsed.success) throw new ProviderError("declined", "malformed_answer");\n  return { providerReference: parsed.data.payout_id };',
      },
    ],
  ),
  ...defectsIn(
    "lib/providers/paystack/answer.ts",
    ["lib/providers/paystack/mapper.test.ts"],
    [
      {
        name: "five hundred and four is a no (Paystack)",
        find: 'default:\n      return new ProviderError("outcome_unknown", code);',
        replace: 'default:\n      return new ProviderError("declined", code);',
      },
      {
        name: "a proxy's four hundred is the provider's no",
        find: 'if (complaint === null) return "outcome_unknown";',
        replace: 'if (complaint === null) return "declined";',
      },
    ],
  ),
  ...defectsIn(
    "lib/providers/exchange.ts",
    ["lib/providers/paystack/contract.test.ts"],
    [
      {
        name: "a call that broke off never reached anybody",
        find: "mayHaveSent = true;",
        replace: "mayHaveSent = false;",
      },
    ],
  ),
  ...defectsIn("lib/services/withdrawals/ask-about-payout.ts", BANKS, [
    {
      name: "a payout that its provider doesn't know of is refunded",
      find: 'if (state.status === "not_found") return "not_found";',
      replace: 'if (state.status === "not_found") state = { ...state, status: "failed" };',
      only: "and doesn't know of it is sent again",
    },
  ]),
  ...defectsIn("lib/services/withdrawals/record-answer.ts", BANKS, [
    {
      name: "a no to the second try is believed at once",
      find: "if (isConclusiveNo(error) && !(await mayStillAppear(tx, context, operation))) {",
      replace: "if (isConclusiveNo(error)) {",
      only: "and refuses the second try",
    },
  ]),
  ...defectsIn("lib/services/withdrawals/record-answer.ts", WITHDRAWALS, [
    {
      name: "an answer to an earlier attempt counts for this one",
      find: 'operation.state === "submitting" && operation.attempt === begun.attempt',
      replace: 'operation.state === "submitting"',
      only: "an earlier attempt",
    },
  ]),
];

/** Paid once, refunded once, never both. */
const ENDS: readonly Mutant[] = [
  ...defectsIn("lib/services/withdrawals/submit-withdrawal.ts", WITHDRAWALS, [
    {
      name: "a payout of unknown outcome is sent again where one reference pays twice",
      find: 'if (!provider.capabilities.payoutReferenceIsIdempotent) return "done";',
      replace: "",
      only: "whose references are not idempotent",
    },
    {
      name: "a payout that is on its way is taken for lost",
      find: "const isStale = context.now.getTime() - operation.updatedAt.getTime() > SUBMISSION_STALE_MS;",
      replace: "const isStale = true;",
      only: "settles once, whatever the number of workers",
    },
  ]),
  ...defectsIn("lib/services/withdrawals/submit-withdrawal.ts", BANKS, [
    {
      name: "what isn't found is sent again where one reference pays twice",
      find: 'if (!provider.capabilities.payoutReferenceIsIdempotent) return asked.state === "unknown" ? "again" : "done";',
      replace: "",
      only: "pays twice for one reference",
    },
  ]),
  ...defectsIn("lib/services/withdrawals/apply-payout.ts", WITHDRAWALS, [
    {
      name: "a webhook undoes what was paid",
      find: 'if (!isReversal && !news.confirmed) return parked("failed_after_paid");',
      replace: "",
      only: "failed after success",
    },
    {
      name: "a payout of another amount is settled",
      find: 'if (amount && amount.amountMinor !== operation.amountMinor) return parked("amount_mismatch");',
      replace: "",
      only: "of another amount than asked",
    },
    {
      name: "a payout in another currency is settled",
      find: 'if (currencyCode !== null && currencyCode !== operation.currency) return parked("currency_mismatch");',
      replace: "",
      only: "in another currency than asked",
    },
    {
      name: "a payout of the other mode is settled",
      find: 'if (isOtherMode(news)) return parked("other_mode");',
      replace: "",
      only: "of the other mode",
    },
    {
      name: "what was paid after its refund is frozen by nobody",
      find: "await freeze(tx, context, operation);",
      replace: "",
      only: "success after a refund",
    },
    {
      name: "another transaction of the provider settles a payout",
      find: "providerReference !== news.providerReference\n  ) {",
      replace: "false\n  ) {",
      only: "by its own transaction of the provider",
    },
  ]),
  ...defectsIn("lib/services/withdrawals/settle.ts", WITHDRAWALS, [
    {
      name: "a reversal gives nothing back",
      find: "await postEntry(tx, draftReversedPayout(eventOf(context, operation)));",
      replace: "",
      only: "reversed after success",
    },
    {
      name: "a refund gives nothing back",
      find: "await postEntry(tx, draftRefund(eventOf(context, operation)));",
      replace: "",
      only: "refunds exactly once",
    },
  ]),
  ...defectsIn("lib/services/operations/store.ts", WITHDRAWALS, [
    {
      name: "workers don't lock the operation that they begin",
      find: 'const [row] = await tx.select().from(operations).where(eq(operations.id, id)).for("update");',
      replace: "const [row] = await tx.select().from(operations).where(eq(operations.id, id));",
      only: "settles once, whatever the number of workers",
    },
  ]),
  ...defectsIn("db/migrations/0011_operator_decision_rules.sql", WITHDRAWALS, [
    {
      name: "what was never sent may be refunded",
      find: "('created', 'paid'),",
      replace: "('created', 'paid'), ('created', 'refunded'),",
      only: "refuses the edge",
    },
  ]),
  ...defectsIn("db/migrations/0006_transfer_vault_credential_rules.sql", WITHDRAWALS, [
    {
      name: "what was asked for may change",
      find: "new.amount_minor, new.fee_minor,",
      replace: "old.amount_minor, old.fee_minor,",
      only: "refuses to change what was asked for",
    },
  ]),
];

/** Asking for one. */
const ASKING: readonly Mutant[] = [
  ...defectsIn("lib/services/withdrawals/place-withdrawal.ts", WITHDRAWALS, [
    {
      name: "a withdrawal is reserved and never sent",
      find: 'await enqueueJob(tx, "submit_withdrawal", { operationId: operation.id.toString() });',
      replace: "",
      only: "reserves the money with the operation and its job",
    },
    {
      name: "a withdrawal's job outlives a transaction that failed",
      find: 'await enqueueJob(tx, "submit_withdrawal", { operationId: operation.id.toString() });',
      replace:
        'await enqueueJob(context.db as never, "submit_withdrawal", { operationId: operation.id.toString() });',
      only: "leaves no job behind",
    },
    {
      name: "a withdrawal reserves nothing",
      find: "await postEntry(tx, draftReserve(event));",
      replace: "",
      only: "reserves the money with the operation and its job",
    },
  ]),
  ...defectsIn("lib/services/withdrawals/store.ts", WITHDRAWALS, [
    {
      name: "a quote is confirmed by whoever knows its id",
      find: '.where(and(eq(quotes.id, id), eq(quotes.userId, userId)))\n    .for("update");',
      replace: '.where(eq(quotes.id, id))\n    .for("update");',
      only: "of somebody else's quote",
    },
    {
      name: "a double tap doesn't wait for the first",
      find: '.where(and(eq(quotes.id, id), eq(quotes.userId, userId)))\n    .for("update");',
      replace: ".where(and(eq(quotes.id, id), eq(quotes.userId, userId)));",
      only: "confirmed 30 times at once",
    },
  ]),
  ...defectsIn("lib/services/withdrawals/request-withdrawal.ts", WITHDRAWALS, [
    {
      name: "an old quote is good for ever",
      find: 'if (quote.expiresAt <= context.now) throw new DomainError("quote_expired");',
      replace: "",
      only: "of an old one is refused",
    },
  ]),
  ...defectsIn(
    "lib/services/withdrawals/policy.ts",
    ["lib/services/withdrawals/policy.test.ts"],
    [
      {
        name: "a fee is rounded down",
        find: "(amount.amountMinor * basisPoints + BASIS_POINTS - 1n) / BASIS_POINTS",
        replace: "(amount.amountMinor * basisPoints) / BASIS_POINTS",
      },
    ],
  ),
  ...defectsIn("lib/services/withdrawals/requeue-withdrawals.ts", WITHDRAWALS, [
    {
      name: "the sweep over withdrawals does nothing",
      find: "for (const { id } of quiet) {",
      replace: "for (const { id } of quiet.slice(0, 0)) {",
      only: "that stands still gets its job again",
    },
  ]),
];

/** What whoever runs the house decides. */
const OPERATING: readonly Mutant[] = [
  ...defectsIn("lib/services/withdrawals/submit-withdrawal.ts", SWITCHES, [
    {
      name: "the kill switch is ignored",
      find: "if (!(await isStoppedFor(tx, provider.name))) return await beginAttempt(tx, context, operation);",
      replace: "if (operation.attempt >= 0) return await beginAttempt(tx, context, operation);",
      only: "waits with its money reserved",
    },
  ]),
  ...defectsIn("lib/services/payout-switches/is-stopped.ts", SWITCHES, [
    {
      name: "the kill switch waits for nobody who has just looked at it",
      find: "await holdSwitches(tx);",
      replace: "",
      only: "has looked at the switch and not yet begun",
    },
  ]),
  ...defectsIn("lib/services/withdrawals/decide-withdrawal.ts", DECISIONS, [
    {
      name: "an operator is believed against the provider",
      find: "if (said !== null && !(await isBorneOut(context, seen, verdict, said)))",
      replace: "if (false)",
      only: "and says otherwise",
    },
    {
      name: "one withdrawal is decided twice",
      find: "if (operation?.state !== seen.state || operation.attempt !== seen.attempt) {",
      replace: "if (!operation) {",
      only: "is taken once of two at once",
    },
  ]),
];

export const WITHDRAWAL_MUTANTS: readonly Mutant[] = [...ANSWERS, ...ENDS, ...ASKING, ...OPERATING];
