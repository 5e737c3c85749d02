import fs from "node:fs";
import path from "node:path";
import { startPostgres } from "@/lib/server/postgres";
import { placeFor } from "@/lib/server/postgres-place";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { type Copy, copyTree, mutated, sourceOf } from "./copy-tree";
import type { Mutation } from "./mutation";
import { MUTATIONS } from "./mutations";
import { runTests, type Tests } from "./run-tests";

const SMOKE_MUTATIONS = 2;
/** At least this many in any other run, chosen by the seed; all of them when the time allows. */
const MUTATIONS_MIN = 60;
const MUTATION_MS = 6_000;

/** Mutation testing: one deliberate defect at a time in a copy of the tree, which must turn one of its tests red. */
export const mutations: Scenario = {
  name: "mutations",
  promise: "every deliberate defect in a copy of the source is caught by a test",
  share: 1,
  async run(plan) {
    const chosen = chooseMutations(plan);
    // All of them before any test runs: a search text that no longer matches is reported at once.
    for (const { mutation } of chosen) mutated(mutation, sourceOf(mutation));
    const dataDir = path.join(plan.home, "postgres");
    const server = await startPostgres({ dataDir });
    try {
      const copy = copyTree(path.join(plan.home, "tree"));
      return await runMutations(plan, chosen, { copy, databaseUrl: server.url });
    } finally {
      await server.stop();
      fs.rmSync(placeFor(dataDir), { recursive: true, force: true });
    }
  },
};

interface Chosen {
  /** Index in {@link MUTATIONS}, which is the number of its case. */
  number: number;
  mutation: Mutation;
}

/** Only the one of `--case`, or as many as there is time for, in an order drawn from the seed. */
function chooseMutations(plan: ScenarioPlan): Chosen[] {
  const numbered = MUTATIONS.map((mutation, number) => ({ number, mutation }));
  const [first, ...others] = plan.cases({ least: 2, most: 2 });
  // Two cases are requested, so getting one means that --case chose it.
  if (others.length === 0) return numbered.filter(({ number }) => number === first);
  const count = plan.isSmoke
    ? SMOKE_MUTATIONS
    : Math.max(MUTATIONS_MIN, Math.floor(plan.leftMs() / MUTATION_MS));
  return plan.random(0).shuffle(numbered).slice(0, count);
}

async function runMutations(
  plan: ScenarioPlan,
  chosen: readonly Chosen[],
  { copy, databaseUrl }: { copy: Copy; databaseUrl: string },
): Promise<ScenarioResult> {
  const counts = { mutations: 0, caught: 0 };
  const violations: Violation[] = [];
  const target = { root: copy.root, databaseUrl, signal: plan.signal };
  for (const tests of testsWithoutMutation(chosen)) {
    plan.progress("mutations: the tests on unchanged source");
    const verdict = await runTests(tests, target);
    if (verdict !== "green")
      violations.push({ case: 0, what: `on unchanged source, ${tests.files.join(", ")}: ${verdict}` });
  }
  if (violations.length > 0) return { counts, faults: { "tests that went red": 0 }, violations };
  for (const { number, mutation } of chosen) {
    if (plan.signal.aborted) break;
    plan.progress(`mutations: ${counts.mutations + 1} of ${chosen.length}, ${mutation.name}`);
    const revert = copy.apply(mutation);
    const verdict = await runTests(testsOf(mutation), target);
    revert();
    counts.mutations += 1;
    if (verdict === "red") counts.caught += 1;
    else
      violations.push({
        case: number,
        what: `"${mutation.name}" in ${mutation.file} wasn't caught: its tests are ${verdict}`,
      });
  }
  return { counts, faults: { "tests that went red": counts.caught }, violations };
}

function testsOf({ tests, only }: Mutation): Tests {
  return { files: tests, ...(only === undefined ? {} : { names: [only] }) };
}

/** The tests of all chosen mutations, which must be green on unchanged source: whole files in one run, named tests in another. */
function testsWithoutMutation(chosen: readonly Chosen[]): Tests[] {
  const all = chosen.map(({ mutation }) => mutation);
  const whole = all.filter(({ only }) => only === undefined);
  const named = all.filter(({ only }) => only !== undefined);
  const filesOf = (some: readonly Mutation[]) => [...new Set(some.flatMap(({ tests }) => tests))];
  const names = [...new Set(named.flatMap(({ only }) => only ?? []))];
  return [
    ...(whole.length > 0 ? [{ files: filesOf(whole) }] : []),
    ...(named.length > 0 ? [{ files: filesOf(named), names }] : []),
  ];
}
