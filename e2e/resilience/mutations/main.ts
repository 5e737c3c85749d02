// `npm run mutations`: mutates the modules that move money with Stryker and runs the tests that cover each mutation. `-- ledger
// vaults` mutates some modules, `-- all` every one. `--only <file>`, also repeated, narrows a module to files or to lines of one
// (`lib/money/money.ts:10-20`), `--tests <glob>` to some of its tests. Survivors are in .data/reports/stryker/<module>.html.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { explainProblem } from "@/lib/cli/explain-problem";
import { log } from "@/lib/log";
import { StartError } from "@/lib/start-error";
import { withDatabase } from "./scenario";
import { MONEY_MODULES, STRYKER_MODULES, type StrykerModule } from "./stryker-modules";

type Options = ConstructorParameters<typeof Stryker>[0];

const REPORTS = path.join(".data", "reports", "stryker");
const GOAL_PERCENT = 85;

async function main(): Promise<void> {
  const narrowed = { type: "string", multiple: true, default: [] as string[] } as const;
  const { values, positionals } = parseArgs({
    options: { only: narrowed, tests: narrowed },
    allowPositionals: true,
  });
  const modules = chosenModules(positionals);
  if (values.only.length + values.tests.length > 0 && modules.length !== 1)
    throw new StartError("--only and --tests need one module.");
  log.level = "silent";
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-mutations-"));
  // Run by root, PostgreSQL has an account of its own that must reach its data below.
  fs.chmodSync(home, 0o755);
  try {
    await withDatabase(home, async (databaseUrl) => {
      // The tests' global set-up takes this server, so that a stopped run leaves none of its own behind.
      process.env.DATABASE_URL = databaseUrl;
      for (const module of modules) await new Stryker(optionsOf(module, values)).runMutationTest();
    });
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}

function chosenModules(names: readonly string[]): readonly StrykerModule[] {
  if (names.length === 0) return MONEY_MODULES;
  if (names.includes("all")) return STRYKER_MODULES;
  return names.map((name) => {
    const module = STRYKER_MODULES.find((known) => known.name === name);
    if (module) return module;
    throw new StartError(
      `There is no module ${name}. There are: ${STRYKER_MODULES.map((each) => each.name).join(", ")}, all.`,
    );
  });
}

/** Unchanged results of a whole module are taken from its last run. */
function optionsOf(
  { name, source, tests }: StrykerModule,
  chosen: { only: readonly string[]; tests: readonly string[] },
): Options {
  return {
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    mutate: [...(chosen.only.length > 0 ? chosen.only : source), "!**/*.test.ts"],
    testFiles: [...(chosen.tests.length > 0 ? chosen.tests : tests)],
    // A whole database server is shared, so one after the other.
    concurrency: 1,
    coverageAnalysis: "perTest",
    incremental: chosen.only.length === 0,
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
