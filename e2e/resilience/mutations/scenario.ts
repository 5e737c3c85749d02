// Promise: every deliberate defect of the lists, one at a time in a copy of the source, turns a test red. TypeScript in general is
// mutated by Stryker (`npm run mutations`); the lists hold SQL and what Stryker's operators don't make.
import fs from "node:fs";
import path from "node:path";
import { startPostgres } from "@/lib/server/postgres";
import { placeFor } from "@/lib/server/postgres-place";
import { ROOT } from "../read-build";
import { runCases } from "../run-cases";
import type { Scenario } from "../scenario";
import { CODE_MUTATIONS } from "./code-mutations";
import { problemOf, type Verdict } from "./run-mutations";
import { SQL_MUTATIONS } from "./sql-mutations";

const MUTATIONS = [...SQL_MUTATIONS, ...CODE_MUTATIONS];
const ORDER = 1_000_000_000;
const CAUGHT = "tests that went red";
/** What tests need. */
const COPIED = "lib db app e2e package.json tsconfig.json vitest.config.ts next.config.ts proxy.ts".split(
  " ",
);

/** Mutation testing: as many of the lists as there is time for, in an order drawn from the seed. */
export const mutations: Scenario = {
  name: "mutations",
  promise: "every deliberate defect in a copy of the source is caught by a test",
  share: 1,
  isLong: true,
  async run(plan) {
    const order = plan.random(ORDER).shuffle(MUTATIONS);
    const root = path.join(plan.home, "tree");
    for (const name of COPIED) fs.cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true });
    fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
    const run = { root, signal: plan.signal, unchanged: new Map<string, Verdict>() };
    return await withDatabase(plan.home, (databaseUrl) =>
      runCases(plan, { faults: [CAUGHT], most: order.length }, async ({ number, tally }) => {
        const mutation = order[number];
        if (mutation === undefined) return [];
        const problem = await problemOf(mutation, { ...run, databaseUrl });
        tally.count({ mutations: 1, caught: problem === null ? 1 : 0 });
        if (problem === null) tally.fault(CAUGHT);
        return problem === null ? [] : [problem];
      }),
    );
  },
};

/** Runs `work` with a PostgreSQL below `home`, whose data is removed afterwards; it stops when Stryker exits on a signal, too. */
export async function withDatabase<Result>(
  home: string,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const dataDir = path.join(home, "postgres");
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
