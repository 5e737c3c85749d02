// `npm run mutations`: mutates the modules that move money with Stryker. `-- ledger vaults` mutates some modules, `-- all` every
// one; `-- sql` and `-- code` try the lists of mutations instead. `--only <file>`, also repeated, narrows a module or a list to files,
// `--tests <glob>` the tests of a module.
// Reports are .data/reports/mutations.json and, for each module, .data/reports/stryker/<module>.html.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { explainProblem } from "@/lib/cli/explain-problem";
import { log } from "@/lib/log";
import { StartError } from "@/lib/start-error";
import { runMutations } from "./run-mutations";
import { type ModuleScore, runStryker } from "./run-stryker";
import { MUTATIONS, withCopy, withDatabase } from "./scenario";
import { MONEY_MODULES, STRYKER_MODULES, type StrykerModule } from "./stryker-modules";

const REPORT = path.join(".data", "reports", "mutations.json");
const GOAL_PERCENT = 85;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: [] },
      tests: { type: "string", multiple: true, default: [] },
    },
    allowPositionals: true,
  });
  log.level = "silent";
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-mutations-"));
  // Run by root, PostgreSQL has an account of its own that must reach its data below.
  fs.chmodSync(home, 0o755);
  try {
    const lists = positionals.filter((name) => MUTATIONS.some(({ list }) => list === name));
    if (lists.length > 0 && lists.length < positionals.length)
      throw new StartError("Name either lists or modules.");
    if (lists.length > 0) return await tryLists(lists, values.only, home);
    return await withDatabase(home, (databaseUrl) => mutateModules(positionals, values, databaseUrl));
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}

async function mutateModules(
  names: readonly string[],
  { only, tests }: { only: readonly string[]; tests: readonly string[] },
  databaseUrl: string,
): Promise<number> {
  const modules = chosenModules(names);
  if (only.length + tests.length > 0 && modules.length !== 1)
    throw new StartError("--only and --tests need one module.");
  // The tests' global set-up takes this server, so that a stopped run leaves none of its own behind.
  process.env.DATABASE_URL = databaseUrl;
  const scores: ModuleScore[] = [];
  for (const module of modules) {
    scores.push(await runStryker(tests.length > 0 ? { ...module, tests } : module, only));
    writeReport(scores);
  }
  for (const { module, score, killed, survived, notCovered } of scores) {
    console.log(
      `${module.padEnd(16)} ${score.toFixed(1)} % killed · ${killed} killed, ${survived} survived, ${notCovered} not covered`,
    );
  }
  console.log(
    `The goal for modules that move money is ${GOAL_PERCENT} %. Survivors: .data/reports/stryker/<module>.html`,
  );
  return 0;
}

function chosenModules(names: readonly string[]): readonly StrykerModule[] {
  if (names.length === 0) return MONEY_MODULES;
  if (names.includes("all")) return STRYKER_MODULES;
  return names.map((name) => {
    const module = STRYKER_MODULES.find((known) => known.name === name);
    if (module) return module;
    const known = STRYKER_MODULES.map((each) => each.name).join(", ");
    throw new StartError(`There is no module ${name}. There are: ${known}, all; and the lists sql and code.`);
  });
}

/** Exits 1 when a mutation wasn't caught. The number of a case replays it: `npm run resilience -- --only mutations --case 3`. */
async function tryLists(names: readonly string[], only: readonly string[], home: string): Promise<number> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const chosen = MUTATIONS.filter(
    ({ list, mutation }) => names.includes(list) && (only.length === 0 || only.includes(mutation.file)),
  );
  const { counts, violations } = await withCopy(home, (copy) =>
    runMutations(chosen, {
      ...copy,
      signal: stop.signal,
      hasTime: () => true,
      progress: (text) => console.log(text),
    }),
  );
  for (const violation of violations) console.log(`✗ case ${violation.case}: ${violation.what}`);
  console.log(`${counts.caught} of ${counts.mutations} mutations were caught.`);
  return violations.length === 0 ? 0 : 1;
}

function writeReport(scores: readonly ModuleScore[]): void {
  fs.mkdirSync(path.dirname(REPORT), { recursive: true });
  const report = { at: new Date().toISOString(), goalPercent: GOAL_PERCENT, modules: scores };
  fs.writeFileSync(REPORT, `${JSON.stringify(report, null, 2)}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`✗ ${explainProblem(error)}`);
  process.exitCode = 2;
}
