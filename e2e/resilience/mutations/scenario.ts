// Every deliberate defect of the lists, one at a time in a copy of the source, turns a test red. TypeScript in general is
// mutated by Stryker (`npm run mutations`); the lists hold SQL and what Stryker's operators don't make.
import fs from "node:fs";
import path from "node:path";
import { startPostgres } from "@/lib/server/postgres";
import { placeFor } from "@/lib/server/postgres-place";
import type { Scenario } from "../scenario";
import { CODE_MUTATIONS } from "./code-mutations";
import { copyTree } from "./copy-tree";
import { runMutations } from "./run-mutations";
import { SQL_MUTATIONS } from "./sql-mutations";

/** Every mutation of the lists with the number of its case. */
export const MUTATIONS = [
  ...SQL_MUTATIONS.map((mutation) => ({ list: "sql", mutation })),
  ...CODE_MUTATIONS.map((mutation) => ({ list: "code", mutation })),
].map((one, number) => ({ ...one, number }));

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
    return await withCopy(plan.home, (copy) =>
      runMutations(chosen, { ...copy, signal, progress, hasTime: () => plan.leftMs() > 0 }),
    );
  },
};

/** Runs `work` with a copy of the tree and a PostgreSQL of its own, both below `home`. */
export async function withCopy<Result>(
  home: string,
  work: (copy: { root: string; databaseUrl: string }) => Promise<Result>,
): Promise<Result> {
  const root = path.join(home, "tree");
  copyTree(root);
  return await withDatabase(home, (databaseUrl) => work({ root, databaseUrl }));
}

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
