import { fileURLToPath } from "node:url";
import { API_CALLS, apiRoutes } from "@/lib/api/route-table";
import { type Deployment, startDeployment } from "../deployment";
import type { Scenario, ScenarioPlan, ScenarioResult } from "../scenario";
import { ask } from "./ask";
import { readBuild } from "./build";
import { BENDS } from "./bypass-variants";
import { type Caller, createCallers, type Spoil } from "./callers";
import type { Sample, Try } from "./cells";
import { type Door, type Found, findDoors } from "./find-endpoints";
import { FOREIGN } from "./foreign";
import { Mint } from "./issue-credentials";
import { createPeople, type People } from "./people";
import type { Rule } from "./rules";
import { type Tally, type Trial, tryDoors } from "./try-endpoints";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** Doors that share one look at the database in a slice. */
const SLICE_AT_ONCE = 24;
const SLICE: Sample = { refused: 1, bent: 1, let: 1 };
/** Everybody, and as many bypasses as take minutes and not an hour: another seed draws others. */
const WHOLE: Sample = { refused: null, bent: 40, let: null };

export const access: Scenario = {
  name: "access",
  promise: "every door of the build is listed, and opens to whom it is for and to nobody else",
  share: 0,
  async run(plan: ScenarioPlan): Promise<ScenarioResult> {
    const deployment = await startDeployment({
      home: plan.home,
      pages: true,
      without: "worker",
      env: { API_RATE_LIMIT_REFUSED: "10000000", LOG_LEVEL: "warn" },
    });
    try {
      return await proveDoors(plan, deployment);
    } finally {
      await deployment.stop();
    }
  },
};

async function proveDoors(plan: ScenarioPlan, deployment: Deployment): Promise<ScenarioResult> {
  const found = listDoors(deployment);
  const people = await createPeople(deployment);
  const mint = new Mint(deployment);
  const callers: Caller[] = await createCallers(deployment, mint, people, spoilIn(deployment));
  await choosePins(deployment, found, people, callers);
  const build = readBuild(ROOT);
  const tally: Tally = { cells: 0, refusing: new Set(), letting: new Set(), shown: 0 };
  const place = {
    host: new URL(deployment.url).host,
    buildId: build.id,
    userId: people.owner.userId.toString(),
    actionId: build.actions.find(({ name }) => name.endsWith("#saveProfile"))?.id ?? "",
  };
  const trial: Trial = {
    deployment,
    people,
    callers,
    mint,
    place,
    sample: plan.isSmoke ? SLICE : WHOLE,
    tally,
  };
  const violations = found.problems.map((what) => ({ case: 0, what }));
  const all = [...found.doors, ...(plan.isSmoke ? [] : throughNext(found.doors))];
  const numbers = plan.cases({ least: all.length, most: all.length });
  let hasApiServer = true;
  for (const tries of batches(plan, all, numbers, plan.isSmoke ? SLICE_AT_ONCE : 1)) {
    plan.progress(`doors: ${tries[0]?.number} of ${all.length}, ${tally.cells} cells`);
    if (hasApiServer && tries.some(({ number }) => number >= found.doors.length)) {
      hasApiServer = false;
      await leaveToNext(deployment);
    }
    violations.push(...(await tryDoors(trial, tries)));
  }
  return {
    counts: {
      doors: all.length,
      callers: callers.length,
      cells: tally.cells,
      "bypass variants": BENDS.length + FOREIGN.length,
    },
    faults: {
      "doors refused somebody": tally.refusing.size,
      "doors let somebody in": tally.letting.size,
      "answers showed their owner's secrets": tally.shown,
    },
    violations,
  };
}

/** The API once more, answered by Next's route handlers, as where only Next runs. */
function throughNext(doors: readonly Door[]): Door[] {
  return doors
    .filter(({ kind }) => kind === "call")
    .map((door) => ({ ...door, name: `${door.name}, through Next` }));
}

/** Starts the app without the API server in front of Next. The callers' tokens, which signing out elsewhere has ended by now, are good again. */
async function leaveToNext(deployment: Deployment): Promise<void> {
  deployment.kill("app");
  await deployment.owner`update api_sessions set revoked_at = null, revoked_for = null where revoked_for = 'logout'`;
  await deployment.revive("app", { API_SERVER: "false" });
}

/** The doors of these cases, `size` at a time. */
function* batches(
  plan: ScenarioPlan,
  doors: readonly Door[],
  numbers: Iterable<number>,
  size: number,
): Iterable<Try[]> {
  let batch: Try[] = [];
  for (const number of numbers) {
    const door = doors[number];
    if (door !== undefined) batch.push({ door, number, random: plan.random(number) });
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Through the door that is for it: only the app has the secret that PINs are hashed with. */
async function choosePins(
  deployment: Deployment,
  { doors }: Found,
  people: People,
  callers: readonly Caller[],
): Promise<void> {
  const door = doors.find(({ name }) => name.includes("#savePin"));
  if (door === undefined) return;
  for (const who of ["owner", "other"] as const) {
    const caller = callers.find(({ session }) => session === who);
    const { headers, ...asked } = await door.make({ of: people[who], actor: people[who], people });
    await ask(deployment.url, { ...asked, headers: { ...headers, ...caller?.headers } });
  }
}

/** The build on the disk, beside the API's own table. */
function listDoors(deployment: Deployment): Found {
  const nobody = async (): Promise<never> => {
    throw new Error("nobody is asked");
  };
  const routes = apiRoutes({
    database: () => deployment.db,
    checks: { accessToken: nobody, apiKey: nobody },
    limits: { take: nobody, look: nobody },
    baseUrl: deployment.url,
  });
  const access = new Map(
    API_CALLS.map((call): [string, Rule] => [`${call.method} ${call.path}`, call.access]),
  );
  return findDoors({ build: readBuild(ROOT), routes, access, origin: deployment.url });
}

/** What was good has to be taken for good before it is spoilt: else its refusal shows nothing. */
function spoilIn(deployment: Deployment): Spoil {
  return async (target, headers, spoil) => {
    const answer = await ask(deployment.url, { method: "GET", target, headers });
    if (answer.status !== 200)
      throw new Error(`a good credential was refused at ${target}: ${answer.status}`);
    await spoil();
  };
}
