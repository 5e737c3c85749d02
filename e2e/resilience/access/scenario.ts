import { fileURLToPath } from "node:url";
import { API_CALLS, apiRoutes } from "@/lib/api/route-table";
import { type Deployment, startDeployment } from "../deployment";
import { readBuild } from "../read-build";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import type { AccessRun } from "./access-run";
import { BYPASS_VARIANTS } from "./bypass-variants";
import { type Caller, createCallers, type Invalidate } from "./callers";
import type { EndpointCase, Sample } from "./cells";
import { checkEndpoints } from "./check-endpoints";
import { CROSS_SITE_VARIANTS } from "./cross-site-variants";
import { type Endpoint, type EndpointList, findEndpoints } from "./find-endpoints";
import { CredentialIssuer } from "./issue-credentials";
import type { Rule } from "./page-rules";
import { createPeople, type People } from "./people";
import { send } from "./raw-request";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** Endpoints between two snapshots of the database in a smoke run. */
const SMOKE_BATCH = 24;
const SMOKE_SAMPLE: Sample = { refused: 1, bypasses: 1, allowed: 1 };
/** Every caller, and a sample of the bypass variants: all of them would take an hour, and another seed draws others. */
const FULL_SAMPLE: Sample = { refused: null, bypasses: 40, allowed: null };

/** Access control matrix: every endpoint of the build with every caller, and bypass variants of what is refused. */
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
  const list = listEndpoints(deployment);
  const run = await prepareRun(plan, deployment, list);
  const violations: Violation[] = list.problems.map((what) => ({ case: 0, what }));
  const all = [...list.endpoints, ...(plan.isSmoke ? [] : servedByNext(list.endpoints))];
  const numbers = plan.cases({ least: all.length, most: all.length });
  let hasApiServer = true;
  for (const cases of batches(plan, all, numbers, plan.isSmoke ? SMOKE_BATCH : 1)) {
    plan.progress(`access: endpoint ${cases[0]?.number} of ${all.length}, ${run.tally.cells} cells`);
    if (hasApiServer && cases.some(({ number }) => number >= list.endpoints.length)) {
      hasApiServer = false;
      await restartWithoutApiServer(deployment);
    }
    violations.push(...(await checkEndpoints(run, cases)));
  }
  return {
    counts: {
      endpoints: all.length,
      callers: run.callers.length,
      cells: run.tally.cells,
      "bypass variants": BYPASS_VARIANTS.length + CROSS_SITE_VARIANTS.length,
    },
    faults: {
      "endpoints that refused": run.tally.refusing.size,
      "endpoints that allowed": run.tally.allowing.size,
      "responses with the owner's own data": run.tally.ownData,
    },
    violations,
  };
}

async function prepareRun(
  plan: ScenarioPlan,
  deployment: Deployment,
  list: EndpointList,
): Promise<AccessRun> {
  const people = await createPeople(deployment);
  const issuer = new CredentialIssuer(deployment);
  const callers = await createCallers(deployment, issuer, people, invalidateIn(deployment));
  await choosePins(deployment, list, people, callers);
  const build = readBuild(ROOT);
  const target = {
    host: new URL(deployment.url).host,
    buildId: build.id,
    userId: people.owner.userId.toString(),
    actionId: build.actions.find(({ name }) => name.endsWith("#saveProfile"))?.id ?? "",
  };
  const sample = plan.isSmoke ? SMOKE_SAMPLE : FULL_SAMPLE;
  const tally = { cells: 0, refusing: new Set<string>(), allowing: new Set<string>(), ownData: 0 };
  return { deployment, people, callers, issuer, target, sample, tally };
}

/** The calls of the API once more, answered by Next's route handlers, as on a host where only Next runs. */
function servedByNext(endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints
    .filter(({ kind }) => kind === "call")
    .map((endpoint) => ({ ...endpoint, name: `${endpoint.name}, through Next` }));
}

/** Restarts the app without the API server in front of Next, and revives the API sessions that earlier cells logged out. */
async function restartWithoutApiServer(deployment: Deployment): Promise<void> {
  deployment.kill("app");
  await deployment.owner`update api_sessions set revoked_at = null, revoked_for = null where revoked_for = 'logout'`;
  await deployment.revive("app", { API_SERVER: "false" });
}

/** The endpoints of these case numbers, `size` at a time. */
function* batches(
  plan: ScenarioPlan,
  endpoints: readonly Endpoint[],
  numbers: Iterable<number>,
  size: number,
): Iterable<EndpointCase[]> {
  let batch: EndpointCase[] = [];
  for (const number of numbers) {
    const endpoint = endpoints[number];
    if (endpoint !== undefined) batch.push({ endpoint, number, random: plan.random(number) });
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Sets PINs through the app's form: only the app has the secret that they are hashed with. */
async function choosePins(
  deployment: Deployment,
  { endpoints }: EndpointList,
  people: People,
  callers: readonly Caller[],
): Promise<void> {
  const endpoint = endpoints.find(({ name }) => name.includes("#savePin"));
  if (endpoint === undefined) return;
  for (const role of ["owner", "other"] as const) {
    const caller = callers.find(({ session }) => session === role);
    const { headers, ...request } = await endpoint.request({
      ids: people[role],
      actor: people[role],
      people,
    });
    await send(deployment.url, { ...request, headers: { ...headers, ...caller?.headers } });
  }
}

/** The endpoints of the build on the disk and of the API's route table. */
function listEndpoints(deployment: Deployment): EndpointList {
  const unused = async (): Promise<never> => {
    throw new Error("routes are only listed here");
  };
  const routes = apiRoutes({
    database: () => deployment.db,
    checks: { accessToken: unused, apiKey: unused },
    limits: { take: unused, look: unused },
    baseUrl: deployment.url,
  });
  const access = new Map(
    API_CALLS.map((call): [string, Rule] => [`${call.method} ${call.path}`, call.access]),
  );
  return findEndpoints({ build: readBuild(ROOT), routes, access, origin: deployment.url });
}

/** Fails unless the credential is accepted before it is invalidated: its refusal would prove nothing. */
function invalidateIn(deployment: Deployment): Invalidate {
  return async (target, headers, invalidate) => {
    const response = await send(deployment.url, { method: "GET", target, headers });
    if (response.status !== 200)
      throw new Error(`a valid credential was refused at ${target}: ${response.status}`);
    await invalidate();
  };
}
