/** A part of the product whose TypeScript Stryker mutates, and the tests that must notice. */
export interface StrykerModule {
  name: string;
  /** Globs of source files from the repository's root; tests among them are left out. */
  source: readonly string[];
  /** Globs of test files. */
  tests: readonly string[];
}

/** A module with its own tests and `others`. */
function moduleOf(name: string, source: readonly string[], others: readonly string[] = []): StrykerModule {
  const own = source.map((glob) => glob.replace(/\.ts$/, ".test.ts"));
  return { name, source, tests: [...own, ...others] };
}

/** Tests of a money verb also run the verbs that finish what it began. */
const MONEY_VERB_TESTS = [
  "lib/services/@(deposits|withdrawals|transfers|vaults|provider-events|payout-switches|back-office)/**/*.test.ts",
];
const moneyVerb = (name: string) => moduleOf(name, [`lib/services/${name}/**/*.ts`], MONEY_VERB_TESTS);

/** The modules with a goal of 85 % killed: money is moved here. */
export const MONEY_MODULES: readonly StrykerModule[] = [
  moduleOf("money", ["lib/money/**/*.ts"]),
  // Drafts of entries are tested by the verbs that post them.
  moduleOf("ledger", ["lib/ledger/**/*.ts"], ["lib/services/@(deposits|withdrawals)/**/*.test.ts"]),
  moduleOf(
    "idempotency",
    ["lib/services/idempotency/**/*.ts"],
    ["lib/services/@(deposits|transfers)/**/*.test.ts"],
  ),
  ...["deposits", "withdrawals", "transfers", "vaults"].map(moneyVerb),
];

/** All modules; the further ones have no goal: what is refused at the boundaries. */
export const STRYKER_MODULES: readonly StrykerModule[] = [
  ...MONEY_MODULES,
  moduleOf(
    "provider-events",
    ["lib/services/@(provider-events|operations|payout-switches|reconciliation)/**/*.ts"],
    MONEY_VERB_TESTS,
  ),
  moduleOf("back-office", ["lib/services/back-office/**/*.ts"]),
  moduleOf("providers", ["lib/providers/**/*.ts"]),
  moduleOf("identity", ["lib/services/@(identity|api-access)/**/*.ts", "lib/auth/**/*.ts"]),
  moduleOf("http", ["lib/@(http|api|next)/**/*.ts", "lib/@(log|phone|describe-error).ts"]),
  moduleOf("server", ["lib/@(server|jobs)/**/*.ts", "db/*.ts"]),
];
