import fs from "node:fs";
import path from "node:path";
import { startPostgres } from "../postgres";
import { placeFor } from "../postgres-place";
import type { Breach, Part, PartPlan } from "./part";
import { type Copy, copyTree } from "./sabotage/copy";
import type { Mutant } from "./sabotage/mutant";
import { MUTANTS } from "./sabotage/mutants";
import { runTests, type Tests } from "./sabotage/run-tests";

const SLICE_MUTANTS = 2;

/** Whether the tests that we have would notice: a defect at a time is put into a copy of the tree, and must turn one of them red. */
export const sabotage: Part = {
  name: "sabotage",
  promise: "every deliberate defect in a copy of the house is caught by a test",
  share: 0,
  async run(plan) {
    const dataDir = path.join(plan.home, "postgres");
    const server = await startPostgres({ dataDir });
    try {
      const copy = copyTree(path.join(plan.home, "tree"));
      return await spoilAll(plan, copy, server.url);
    } finally {
      await server.stop();
      fs.rmSync(placeFor(dataDir), { recursive: true, force: true });
    }
  },
};

async function spoilAll(plan: PartPlan, copy: Copy, databaseUrl: string) {
  const counts = { mutants: 0, caught: 0 };
  const breaches: Breach[] = [];
  const place = { root: copy.root, databaseUrl, signal: plan.signal };
  const chosen = chooseMutants(plan);
  for (const tests of baselineOf([...chosen.values()])) {
    const verdict = await runTests(tests, place);
    if (verdict !== "green")
      breaches.push({ case: 0, what: `without a defect, ${tests.files.join(", ")}: ${verdict}` });
  }
  if (breaches.length > 0) return { counts, faults: { "tests that went red": 0 }, breaches };
  for (const [number, mutant] of chosen) {
    if (plan.signal.aborted) break;
    plan.say(`${number}/${MUTANTS.length} ${mutant.name}`);
    copy.spoil(mutant);
    const verdict = await runTests({ files: mutant.tests, only: mutant.only }, place);
    copy.mend(mutant);
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

/** All of them, the one to be tried again, or a few that the seed chooses; by their number. */
function chooseMutants(plan: PartPlan): Map<number, Mutant> {
  const numbers = plan.isSlice
    ? plan
        .random(0)
        .shuffle([...MUTANTS.keys()])
        .slice(0, SLICE_MUTANTS)
    : [...plan.cases({ least: MUTANTS.length, most: MUTANTS.length })];
  return new Map(numbers.flatMap((number) => (MUTANTS[number] ? [[number, MUTANTS[number]] as const] : [])));
}

/** The tests of the chosen ones, each file once: those that run whole together, those of which a part runs apart. */
function baselineOf(mutants: readonly Mutant[]): Tests[] {
  const whole = new Set(mutants.filter(({ only }) => only === undefined).flatMap(({ tests }) => tests));
  const parts = new Map<string, Tests>();
  for (const { tests, only } of mutants) {
    if (only !== undefined) parts.set(`${only} ${tests.join(" ")}`, { files: tests, only });
  }
  return [...(whole.size > 0 ? [{ files: [...whole] }] : []), ...parts.values()];
}
