// `npm run mutations`: mutates folders with Stryker and runs the tests that cover each mutation.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { explainProblem } from "@/lib/cli/explain-problem";
import { log } from "@/lib/log";
import { StartError } from "@/lib/start-error";
import { withDatabase } from "./scenario";

type Options = ConstructorParameters<typeof Stryker>[0];

const REPORTS = path.join(".data", "reports", "stryker");
/** Of mutations in these folders that a test must notice. */
const GOAL_PERCENT = 85;
const MONEY_VERBS = ["deposits", "withdrawals", "transfers", "vaults", "tontines"].map(
  (name) => `lib/services/${name}`,
);
const MONEY_FOLDERS = ["lib/money", "lib/ledger", "lib/services/idempotency", ...MONEY_VERBS];
/** Tests of a money verb also run the verbs that finish what it began, and post what the ledger drafts. */
const MONEY_TESTS =
  "lib/services/@(deposits|withdrawals|transfers|vaults|tontines|provider-events|payout-switches|back-office)/**/*.test.ts";

const HELP = `npm run mutations -- [folders] [options]

  Without folders: ${MONEY_FOLDERS.join(", ")}.

  --only FILE    this file of one folder, or lines of it (lib/money/money.ts:10-20); may be repeated
  --tests GLOB   fewer tests than the folder's; may be repeated

Survivors are in ${REPORTS}/<folder>.html. Exits 0 whatever survives, 2 if it couldn't run.`;

async function main(): Promise<void> {
  const narrowed = { type: "string", multiple: true, default: [] as string[] } as const;
  const { values, positionals } = parseArgs({
    options: { only: narrowed, tests: narrowed, help: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const folders = positionals.length === 0 ? MONEY_FOLDERS : positionals;
  const missing = folders.find((folder) => !fs.existsSync(folder));
  if (missing !== undefined) throw new StartError(`There is no folder ${missing}.`);
  if (values.only.length + values.tests.length > 0 && folders.length !== 1)
    throw new StartError("--only and --tests need one folder.");
  log.level = "silent";
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-mutations-"));
  // Run by root, PostgreSQL has an account of its own that must reach its data below.
  fs.chmodSync(home, 0o755);
  try {
    await withDatabase(home, async (databaseUrl) => {
      // The tests' global set-up takes this server, so that a stopped run leaves none of its own behind.
      process.env.DATABASE_URL = databaseUrl;
      for (const folder of folders) await new Stryker(optionsOf(folder, values)).runMutationTest();
    });
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}

/** Unchanged results of a whole folder are taken from its last run. */
function optionsOf(
  folder: string,
  { only, tests }: { only: readonly string[]; tests: readonly string[] },
): Options {
  const name = folder.replaceAll("/", "-");
  const all = [`${folder}/**/*.test.ts`, ...(MONEY_FOLDERS.slice(1).includes(folder) ? [MONEY_TESTS] : [])];
  return {
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    mutate: [...(only.length > 0 ? only : [`${folder}/**/*.ts`]), "!**/*.test.ts"],
    testFiles: [...(tests.length > 0 ? tests : all)],
    // A whole database server is shared, so one after the other.
    concurrency: 1,
    coverageAnalysis: "perTest",
    incremental: only.length === 0,
    incrementalFile: path.join(REPORTS, `${name}-incremental.json`),
    reporters: ["progress", "clear-text", "json", "html"],
    clearTextReporter: { reportMutants: false, reportTests: false },
    jsonReporter: { fileName: path.join(REPORTS, `${name}.json`) },
    htmlReporter: { fileName: path.join(REPORTS, `${name}.html`) },
    tempDirName: path.join(".data", "stryker"),
    ignorePatterns: ["/.next", "/.data", "/public", "/test-results", "/playwright-report"],
    // Stryker would rewrite tsconfig.json through TypeScript's API, which TypeScript 7 doesn't have; the tests don't read it.
    tsconfigFile: "none",
    disableTypeChecks: false,
    timeoutMS: 20_000,
    thresholds: { high: GOAL_PERCENT, low: 70, break: null },
  };
}

try {
  await main();
} catch (error) {
  console.error(`✗ ${explainProblem(error)}`);
  process.exitCode = 2;
}
