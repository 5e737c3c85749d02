import path from "node:path";
import { Stryker } from "@stryker-mutator/core";
import type { StrykerModule } from "./stryker-modules";

type PartialStrykerOptions = ConstructorParameters<typeof Stryker>[0];
type MutantResult = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

/** The score of one module. Percent of the mutations that a test noticed, of those that could run. */
export interface ModuleScore {
  module: string;
  score: number;
  killed: number;
  survived: number;
  /** Mutations of lines that no test runs; they count as survived. */
  notCovered: number;
}

/**
 * Mutates a module with Stryker and runs the tests that cover each mutation. `only` narrows it to files or to lines of
 * one (`lib/money/money.ts:10-20`). Unchanged results are taken from the module's last run. Throws when Stryker can't run, for
 * instance because a test fails on unchanged source.
 */
export async function runStryker(module: StrykerModule, only: readonly string[]): Promise<ModuleScore> {
  const results = await new Stryker(optionsOf(module, only)).runMutationTest();
  return scoreOf(module.name, results);
}

function optionsOf({ name, source, tests }: StrykerModule, only: readonly string[]): PartialStrykerOptions {
  const reports = path.join(".data", "reports", "stryker");
  return {
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    mutate: [...(only.length > 0 ? only : source), "!**/*.test.ts"],
    testFiles: [...tests],
    // A whole database server is shared, so one after the other.
    concurrency: 1,
    coverageAnalysis: "perTest",
    incremental: only.length === 0,
    incrementalFile: path.join(reports, `${name}-incremental.json`),
    reporters: ["progress", "json", "html"],
    jsonReporter: { fileName: path.join(reports, `${name}.json`) },
    htmlReporter: { fileName: path.join(reports, `${name}.html`) },
    tempDirName: path.join(".data", "stryker"),
    ignorePatterns: ["/.next", "/.data", "/public", "/test-results", "/playwright-report"],
    // Stryker would rewrite tsconfig.json through TypeScript's API, which TypeScript 7 doesn't have; the tests don't read it.
    tsconfigFile: "none",
    disableTypeChecks: false,
    timeoutMS: 20_000,
    thresholds: { high: 85, low: 70, break: null },
  };
}

function scoreOf(module: string, results: readonly MutantResult[]): ModuleScore {
  const count = (...states: MutantResult["status"][]) =>
    results.filter(({ status }) => states.includes(status)).length;
  const killed = count("Killed", "Timeout");
  const survived = count("Survived");
  const notCovered = count("NoCoverage");
  const all = killed + survived + notCovered;
  const score = all === 0 ? 100 : Math.round((killed / all) * 1000) / 10;
  return { module, score, killed, survived, notCovered };
}
