import { type Mutation, mutationsOf } from "./mutation";

const WITHDRAWAL_PINS = ["lib/services/withdrawals/withdrawal-pins.db.test.ts"];
const SWEEP = ["lib/services/withdrawals/requeue-withdrawals.db.test.ts"];
const WITHDRAWALS = ["lib/services/withdrawals/withdrawals.db.test.ts"];
const RESOLUTIONS = ["lib/services/back-office/resolve-withdrawal.db.test.ts"];
const SWITCHES = ["lib/services/payout-switches/payout-switches.db.test.ts"];

/** Requesting a withdrawal. */
const REQUESTING: readonly Mutation[] = [
  ...mutationsOf("lib/services/withdrawals/place-withdrawal.ts", WITHDRAWALS, [
    {
      name: "a withdrawal is reserved and never submitted",
      find: "await enqueueSubmission(tx, operation.id);",
      replace: "",
      only: "reserves the money with the operation and its job",
    },
    {
      name: "a withdrawal reserves no money",
      find: "await postEntry(tx, draftReserve(event));",
      replace: "",
      only: "reserves the money with the operation and its job",
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/store.ts", WITHDRAWALS, [
    {
      name: "another user's withdrawal quote can be confirmed",
      find: '.where(and(eq(quotes.id, id), eq(quotes.userId, userId)))\n    .for("update");',
      replace: '.where(eq(quotes.id, id))\n    .for("update");',
      only: "of somebody else's quote",
    },
    {
      name: "concurrent confirmations of one quote don't wait for each other",
      find: '.where(and(eq(quotes.id, id), eq(quotes.userId, userId)))\n    .for("update");',
      replace: ".where(and(eq(quotes.id, id), eq(quotes.userId, userId)));",
      only: "confirmed 30 times at once",
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/request-withdrawal.ts", WITHDRAWALS, [
    {
      name: "an expired quote is accepted",
      find: 'if (shown.expiresAt <= context.now) throw new DomainError("quote_expired");',
      replace: "",
      only: "of an old one is refused",
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/request-withdrawal.ts", WITHDRAWAL_PINS, [
    {
      name: "a withdrawal is confirmed without the PIN",
      find: "await checkPin(context, pin);",
      replace: "",
    },
  ]),
  ...mutationsOf(
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
  ...mutationsOf("lib/services/withdrawals/requeue-withdrawals.ts", WITHDRAWALS, [
    {
      name: "the sweep requeues no withdrawal",
      find: "for (const id of batch) await enqueueSubmission(tx, id);",
      replace: "",
      only: "that stands still gets its job again",
    },
  ]),
  ...mutationsOf("lib/services/withdrawals/store.ts", SWEEP, [
    {
      name: "the sweep over withdrawals begins their back-off anew",
      find: "sql`not exists (select from graphile_worker._private_jobs j\n          where j.key =",
      replace:
        "sql`not exists (select from graphile_worker._private_jobs j\n          where false and j.key =",
      only: "keeps its job and its back-off",
    },
  ]),
];

/** The back office. */
const BACK_OFFICE: readonly Mutation[] = [
  ...mutationsOf("lib/services/withdrawals/submit-withdrawal.ts", SWITCHES, [
    {
      name: "the payout switch is ignored",
      find: "if (!(await isPayoutStopped(tx, provider.name))) return await beginAttempt(tx, context, operation);",
      replace: "if (operation.attempt >= 0) return await beginAttempt(tx, context, operation);",
      only: "waits with its money reserved",
    },
  ]),
  ...mutationsOf("lib/services/payout-switches/payout-switch.ts", SWITCHES, [
    {
      name: "stopping payouts doesn't wait for a submission that has read the switch",
      find: "await lockSwitchesShared(tx);",
      replace: "",
      only: "has looked at the switch and not yet begun",
    },
  ]),
  ...mutationsOf("lib/services/back-office/resolve-withdrawal.ts", RESOLUTIONS, [
    {
      name: "an operator's resolution is accepted against the provider's status",
      find: "if (confirmed !== null && !(await agrees(context, seen, verdict, confirmed)))",
      replace: "if (false)",
      only: "has a query and contradicts",
    },
    {
      name: "one withdrawal is resolved twice",
      find: "if (operation?.state !== seen.state || operation.attempt !== seen.attempt) {",
      replace: "if (!operation) {",
      only: "is taken once of two at once",
    },
  ]),
];

/** Defects that show only between two transactions. */
const INTERLEAVINGS: readonly Mutation[] = [
  ...mutationsOf(
    "lib/services/withdrawals/place-withdrawal.ts",
    ["lib/services/withdrawals/fenced-withdrawals.db.test.ts"],
    [
      {
        name: "a withdrawal's job is enqueued outside its transaction",
        find: "await enqueueSubmission(tx, operation.id);",
        replace: "await enqueueSubmission(context.db as never, operation.id);",
      },
    ],
  ),
];

export const WITHDRAWAL_MUTATIONS: readonly Mutation[] = [...INTERLEAVINGS, ...REQUESTING, ...BACK_OFFICE];
