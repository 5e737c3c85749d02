// Every deliberate defect of the lists, one at a time in a copy of the source, turns a test red. TypeScript in general is
// mutated by Stryker (`npm run mutations`); the lists hold SQL and what Stryker's operators don't make.
import fs from "node:fs";
import path from "node:path";
import { startPostgres } from "@/lib/server/postgres";
import { placeFor } from "@/lib/server/postgres-place";
import type { Scenario, ScenarioPlan } from "../scenario";
import { copyTree } from "./copy-tree";
import { MUTATIONS } from "./mutations";
import { type NumberedMutation, runMutations } from "./run-mutations";

/** Mutation testing: as many of the lists as there is time for, in an order drawn from the seed. */
export const mutations: Scenario = {
  name: "mutations",
  promise: "every deliberate defect in a copy of the source is caught by a test",
  share: 1,
  isLong: true,
  async run(plan) {
    return await withDatabase(path.join(plan.home, "postgres"), (databaseUrl) =>
      runMutations(chooseMutations(plan), {
        copy: copyTree(path.join(plan.home, "tree")),
        databaseUrl,
        signal: plan.signal,
        hasTime: () => plan.leftMs() > 0,
        progress: plan.progress,
      }),
    );
  },
};

/** Only the one of `--case`, or all in an order drawn from the seed. */
function chooseMutations(plan: ScenarioPlan): NumberedMutation[] {
  const numbered = MUTATIONS.map((mutation, number) => ({ number, mutation }));
  const [first, ...others] = plan.cases({ least: 2, most: 2 });
  // Two cases are requested, so getting one means that --case chose it.
  if (others.length === 0) return numbered.filter(({ number }) => number === first);
  return plan.random(0).shuffle(numbered);
}

/** Runs `work` with a PostgreSQL of its own, whose data is removed afterwards; it stops when Stryker exits on a signal, too. */
export async function withDatabase<Result>(
  dataDir: string,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = await startPostgres({ dataDir });
  const kill = () => server.kill();
  process.once("exit", kill);
  try {
    return await work(server.url);
  } finally {
    process.off("exit", kill);
    await server.stop();
    fs.rmSync(placeFor(dataDir), { recursive: true, force: true });
  }
}
