// Promise: every endpoint of the build has a rule, and serves exactly the callers that it allows. Each endpoint is requested by
// every caller, and what is refused also as a bypass variant: refused requests change nothing, an allowed one does its work
// and changes no rows of other people, and no response contains another person's data or tells whether an object exists.
import { API_CALLS, apiRoutes } from "@/lib/api/route-table";
import { type Deployment, startDeployment } from "../deployment";
import { ROOT, readBuild } from "../read-build";
import { openStateReader } from "../requests/state-diff";
import { BYPASS_VARIANTS, CROSS_SITE_VARIANTS } from "../requests/variants";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { createCallers } from "./callers";
import type { AccessRun, EndpointCase } from "./cells";
import { checkEndpoints } from "./check-endpoints";
import { type Discovered, findEndpoints, findMissingRules } from "./endpoints";
import { createPeople } from "./people";
import type { Rule } from "./rule";

/** Endpoints between two snapshots of the database in a smoke run. */
const SMOKE_BATCH = 24;
const SMOKE_SAMPLE = { refused: 1, bypasses: 1, allowed: 1 };
/** Every caller, and a sample of the bypass variants: all of them would take an hour, and another seed draws others. */
const FULL_SAMPLE = { refused: null, bypasses: 40, allowed: null };

/** Every endpoint × every caller, and bypass variants of each refused request. */
export const access: Scenario = {
  name: "access",
  promise: "every endpoint of the build has a rule, and serves exactly the callers that it allows",
  share: 0,
  async run(plan: ScenarioPlan): Promise<ScenarioResult> {
    const deployment = await startDeployment({
      home: plan.home,
      pages: true,
      without: "worker",
      env: { API_RATE_LIMIT_REFUSED: "10000000", LOG_LEVEL: "warn" },
    });
    try {
      return await runMatrix(plan, deployment);
    } finally {
      await deployment.stop();
    }
  },
};

async function runMatrix(plan: ScenarioPlan, deployment: Deployment): Promise<ScenarioResult> {
  const discovered = discover(deployment);
  const listed = findEndpoints(discovered);
  const run = await prepareRun(plan, deployment, discovered);
  const { tally, callers } = run;
  const violations: Violation[] = findMissingRules(discovered).map((what) => ({ case: 0, what }));
  // The calls of the API once more, answered by Next's route handlers, as on a host where only Next runs.
  const byNext = listed.filter(({ kind }) => kind === "call" && !plan.isSmoke);
  const all = [...listed, ...byNext.map((one) => ({ ...one, name: `${one.name}, through Next` }))];
  const cases = [...plan.cases({ least: all.length, most: all.length })].flatMap((number): EndpointCase[] => {
    const endpoint = all[number];
    return endpoint === undefined ? [] : [{ endpoint, number, random: plan.random(number) }];
  });
  const size = plan.isSmoke ? SMOKE_BATCH : 1;
  let hasApiServer = true;
  for (let from = 0; from < cases.length && !plan.signal.aborted; from += size) {
    const batch = cases.slice(from, from + size);
    plan.progress(`access: endpoint ${batch[0]?.number} of ${all.length}, ${tally.cells} cells`);
    if (hasApiServer && batch.some(({ number }) => number >= listed.length)) {
      hasApiServer = false;
      await restartWithoutApiServer(deployment);
    }
    violations.push(...(await checkEndpoints(run, batch)));
  }
  return {
    counts: {
      endpoints: all.length,
      callers: callers.length,
      cells: tally.cells,
      "bypass variants": Object.keys({ ...BYPASS_VARIANTS, ...CROSS_SITE_VARIANTS }).length,
    },
    faults: {
      "endpoints that refused": tally.refusing.size,
      "endpoints that allowed": tally.allowing.size,
      "responses with the owner's own data": tally.ownData,
    },
    violations,
  };
}

async function prepareRun(
  plan: ScenarioPlan,
  deployment: Deployment,
  { build }: Discovered,
): Promise<AccessRun> {
  const people = await createPeople(deployment);
  return {
    deployment,
    people,
    target: {
      host: new URL(deployment.url).host,
      buildId: build.id,
      userId: people.owner.user.userId.toString(),
      actionId: build.actions.find(({ name }) => name.endsWith("#saveProfile"))?.id ?? "",
    },
    callers: await createCallers(deployment, people),
    readState: await openStateReader(deployment.owner),
    sample: plan.isSmoke ? SMOKE_SAMPLE : FULL_SAMPLE,
    tally: { cells: 0, refusing: new Set(), allowing: new Set(), ownData: 0 },
  };
}

/** Restarts the app without the API server in front of Next, and revives the API sessions that earlier cells logged out. */
async function restartWithoutApiServer(deployment: Deployment): Promise<void> {
  deployment.kill("app");
  await deployment.owner`update api_sessions set revoked_at = null, revoked_for = null where revoked_for = 'logout'`;
  await deployment.revive("app", { API_SERVER: "false" });
}

/** The endpoints of the build on the disk and of the API's route table. */
function discover(deployment: Deployment): Discovered {
  const unused = async (): Promise<never> => {
    throw new Error("routes are only listed here");
  };
  const routes = apiRoutes({
    database: () => deployment.db,
    checks: { accessToken: unused, apiKey: unused },
    limits: { take: unused, takeNetwork: unused, lookAtNetwork: unused },
    baseUrl: deployment.url,
  });
  return {
    build: readBuild(ROOT),
    calls: routes.map(({ method, path }) => `${method} ${path}`),
    access: new Map(API_CALLS.map((call): [string, Rule] => [`${call.method} ${call.path}`, call.access])),
    origin: deployment.url,
  };
}
