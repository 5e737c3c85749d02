import fs from "node:fs";
import path from "node:path";
import { startPostgres } from "@/lib/server/postgres";
import { placeFor } from "@/lib/server/postgres-place";
import type { Breach, Scenario, ScenarioPlan } from "../scenario";
import { type Copy, copyTree, sourceOf, spoiled } from "./copy-tree";
import type { Mutant } from "./mutation";
import { MUTANTS } from "./mutations";
import { runTests, type Tests } from "./run-tests";

const SLICE_MUTANTS = 2;
/** So many in any other run, chosen by the seed; all of them where there is time for all. */
const MUTANTS_MIN = 60;
const MUTANT_MS = 6_000;

/** Whether the tests that we have would notice: a defect at a time is put into a copy of the tree, and must turn one of them red. */
export const sabotage: Scenario = {
  name: "sabotage",
  promise: "every deliberate defect in a copy of the deployment is caught by a test",
  share: 1,
  async run(plan) {
    const chosen = chooseMutants(plan);
    // All of them first: a text that is gone is said at once, not after minutes.
    for (const { mutant } of chosen) spoiled(mutant, sourceOf(mutant));
    const dataDir = path.join(plan.home, "postgres");
    const server = await startPostgres({ dataDir });
    try {
      const copy = copyTree(path.join(plan.home, "tree"));
      return await spoilAll(plan, chosen, { copy, databaseUrl: server.url });
    } finally {
      await server.stop();
      fs.rmSync(placeFor(dataDir), { recursive: true, force: true });
    }
  },
};

interface Chosen {
  /** Its number in the table, which is the case's. */
  number: number;
  mutant: Mutant;
}

/** The one to be tried again, or as many as there is time for; in an order that follows from the seed. */
function chooseMutants(plan: ScenarioPlan): Chosen[] {
  const numbered = MUTANTS.map((mutant, number) => ({ number, mutant }));
  const [first, ...others] = plan.cases({ least: 2, most: 2 });
  // Two cases are asked for: a single one is a case to be played again.
  if (others.length === 0) return numbered.filter(({ number }) => number === first);
  const count = plan.isSmoke ? SLICE_MUTANTS : Math.max(MUTANTS_MIN, Math.floor(plan.leftMs() / MUTANT_MS));
  return plan.random(0).shuffle(numbered).slice(0, count);
}

async function spoilAll(
  plan: ScenarioPlan,
  chosen: readonly Chosen[],
  { copy, databaseUrl }: { copy: Copy; databaseUrl: string },
) {
  const counts = { mutants: 0, caught: 0 };
  const breaches: Breach[] = [];
  const place = { root: copy.root, databaseUrl, signal: plan.signal };
  for (const tests of soundTests(chosen)) {
    plan.say("without a defect");
    const verdict = await runTests(tests, place);
    if (verdict !== "green")
      breaches.push({ case: 0, what: `without a defect, ${tests.files.join(", ")}: ${verdict}` });
  }
  if (breaches.length > 0) return { counts, faults: { "tests that went red": 0 }, breaches };
  for (const { number, mutant } of chosen) {
    if (plan.signal.aborted) break;
    plan.say(`${counts.mutants + 1}/${chosen.length} ${mutant.name}`);
    const mend = copy.spoil(mutant);
    const verdict = await runTests(testsOf(mutant), place);
    mend();
    counts.mutants += 1;
    if (verdict === "red") counts.caught += 1;
    else
      breaches.push({
        case: number,
        what: `"${mutant.name}" in ${mutant.file} wasn't caught: its tests are ${verdict}`,
      });
  }
  return { counts, faults: { "tests that went red": counts.caught }, breaches };
}

function testsOf({ tests, only }: Mutant): Tests {
  return { files: tests, ...(only === undefined ? {} : { names: [only] }) };
}

/** The tests of the chosen ones, which must be green as long as nothing is spoiled: once whole files, once parts of files. */
function soundTests(chosen: readonly Chosen[]): Tests[] {
  const mutants = chosen.map(({ mutant }) => mutant);
  const whole = mutants.filter(({ only }) => only === undefined);
  const parts = mutants.filter(({ only }) => only !== undefined);
  const filesOf = (some: readonly Mutant[]) => [...new Set(some.flatMap(({ tests }) => tests))];
  const names = [...new Set(parts.flatMap(({ only }) => only ?? []))];
  return [
    ...(whole.length > 0 ? [{ files: filesOf(whole) }] : []),
    ...(parts.length > 0 ? [{ files: filesOf(parts), names }] : []),
  ];
}
