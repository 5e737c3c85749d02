// Promise: every deliberate defect of the lists, one at a time in a copy of the source, turns a test red. TypeScript in general is
// mutated by Stryker (`npm run mutations`); the lists hold SQL and what Stryker's operators don't make.
import fs from "node:fs";
import path from "node:path";
import { startPostgres } from "@/lib/server/postgres";
import { placeFor } from "@/lib/server/postgres-place";
import { ROOT } from "../read-build";
import type { Scenario } from "../scenario";
import { CODE_MUTATIONS } from "./code-mutations";
import { runMutations } from "./run-mutations";
import { SQL_MUTATIONS } from "./sql-mutations";

/** Every mutation of the lists with the number of its case. */
const MUTATIONS = [...SQL_MUTATIONS, ...CODE_MUTATIONS].map((mutation, number) => ({ number, mutation }));
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
    const { signal, progress } = plan;
    const [first, ...others] = plan.cases({ least: 2, most: 2 });
    // Two cases are requested, so getting one means that --case chose it.
    const isReplay = others.length === 0;
    const chosen = isReplay
      ? MUTATIONS.filter(({ number }) => number === first)
      : plan.random(0).shuffle(MUTATIONS);
    const root = path.join(plan.home, "tree");
    for (const name of COPIED) fs.cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true });
    fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
    const hasTime = () => plan.leftMs() > 0;
    return await withDatabase(plan.home, (databaseUrl) =>
      runMutations(chosen, { root, databaseUrl, signal, progress, hasTime }),
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
