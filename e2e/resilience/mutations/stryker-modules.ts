/** A part of the product whose TypeScript Stryker mutates, and the tests that must notice. */
export interface StrykerModule {
  name: string;
  /** Globs of source files from the repository's root; tests among them are left out. */
  source: readonly string[];
  /** Globs of test files. */
  tests: readonly string[];
}

/** Tests of a money verb also run the verbs that finish what it began. */
const MONEY_VERB_TESTS = [
  "lib/services/@(deposits|withdrawals|transfers|vaults|provider-events|payout-switches|back-office)/**/*.test.ts",
];

function moneyVerb(name: string): StrykerModule {
  return { name, source: [`lib/services/${name}/**/*.ts`], tests: MONEY_VERB_TESTS };
}

/** The modules with a goal of 85 % killed: money is moved here. */
export const MONEY_MODULES: readonly StrykerModule[] = [
  { name: "money", source: ["lib/money/**/*.ts"], tests: ["lib/money/**/*.test.ts"] },
  // Drafts of entries are tested by the verbs that post them.
  {
    name: "ledger",
    source: ["lib/ledger/**/*.ts"],
    tests: ["lib/ledger/**/*.test.ts", "lib/services/@(deposits|withdrawals)/**/*.test.ts"],
  },
  {
    name: "idempotency",
    source: ["lib/services/idempotency/**/*.ts"],
    tests: ["lib/services/@(idempotency|deposits|transfers)/**/*.test.ts"],
  },
  moneyVerb("deposits"),
  moneyVerb("withdrawals"),
  moneyVerb("transfers"),
  moneyVerb("vaults"),
];

/** Modules without a goal: what is refused at the boundaries. */
export const OTHER_MODULES: readonly StrykerModule[] = [
  {
    name: "provider-events",
    source: ["lib/services/@(provider-events|operations|payout-switches|reconciliation)/**/*.ts"],
    tests: [...MONEY_VERB_TESTS, "lib/services/reconciliation/**/*.test.ts"],
  },
  {
    name: "back-office",
    source: ["lib/services/back-office/**/*.ts"],
    tests: ["lib/services/back-office/**/*.test.ts"],
  },
  {
    name: "providers",
    source: ["lib/providers/**/*.ts"],
    tests: ["lib/providers/**/*.test.ts"],
  },
  {
    name: "identity",
    source: ["lib/services/@(identity|api-access)/**/*.ts", "lib/auth/**/*.ts"],
    tests: ["lib/services/@(identity|api-access)/**/*.test.ts", "lib/auth/**/*.test.ts"],
  },
  {
    name: "http",
    source: ["lib/@(http|api|next)/**/*.ts", "lib/@(log|phone|describe-error).ts"],
    tests: ["lib/@(http|api|next)/**/*.test.ts", "lib/@(log|phone|describe-error).test.ts"],
  },
  {
    name: "server",
    source: ["lib/@(server|jobs)/**/*.ts", "db/*.ts"],
    tests: ["lib/@(server|jobs)/**/*.test.ts", "db/*.test.ts"],
  },
];

export const STRYKER_MODULES: readonly StrykerModule[] = [...MONEY_MODULES, ...OTHER_MODULES];
