import fs from "node:fs";
import { type Deployment, startDeployment } from "../deployment";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import {
  type FlowContext,
  newPerson,
  sendWebhooks,
  signInByGoogle,
  signUpAndIn,
  tryKeys,
} from "./access-flows";
import { ResponseLog } from "./browser";
import { CanarySet, type Sighting } from "./canaries";
import { searchBundle, searchDatabase, searchLogs, searchProcesses, searchTree } from "./locations";
import {
  fillVault,
  moveByApi,
  sendDuringOutage,
  sendMalformed,
  topUp,
  transferTo,
  withdraw,
} from "./money-flows";

const CASES = 10;

/** Sends canary secrets through every flow, and then searches responses, logs, database, build and processes for them. */
export const leaks: Scenario = {
  name: "leaks",
  promise: "no secret is found where it doesn't belong",
  share: 0,
  run,
};

async function run(plan: ScenarioPlan): Promise<ScenarioResult> {
  const deployment = await startDeployment({
    home: plan.home,
    pages: true,
    env: { API_RATE_LIMIT_REFUSED: "10000000" },
  });
  try {
    return await sendAndSearch(deployment, plan);
  } finally {
    await deployment.stop();
  }
}

async function sendAndSearch(deployment: Deployment, plan: ScenarioPlan): Promise<ScenarioResult> {
  const canaries = new CanarySet();
  const responses = new ResponseLog(canaries);
  addServerSecrets(deployment, canaries);
  const violations: Violation[] = [];
  let outages = 0;
  const cases = plan.isSmoke ? 1 : CASES;
  for (const number of plan.cases({ least: cases, most: cases })) {
    await runAllFlows({ deployment, canaries, responses, random: plan.random(number) }, plan.isSmoke);
    outages += 1;
    plan.progress(`leaks: ${canaries.size} canaries`);
  }
  // Logs are flushed twice a second.
  await new Promise((resolve) => setTimeout(resolve, 700));
  const inResponses = responses.search();
  const database = await searchDatabase(deployment, canaries);
  const leaked = [
    ...inResponses.leaked,
    ...database.leaked,
    ...searchLogs(deployment, plan.home, canaries),
    ...searchProcesses(deployment, canaries),
  ];
  const [bundle, tree] = [searchBundle(canaries), searchTree()];
  violations.push(...sentences(leaked).map((what) => ({ case: 0, what })));
  violations.push(...[...bundle.problems, ...tree.problems].map((what) => ({ case: 0, what })));
  return {
    counts: {
      responses: inResponses.count,
      "columns searched": database.columns,
      "files searched": bundle.files + tree.files,
    },
    faults: {
      canaries: canaries.size,
      "found where they belong": inResponses.allowed + database.allowed,
      "found in a log with all canaries": foundInMarkedLog(deployment, canaries),
      outages,
    },
    violations,
  };
}

/** Adds the deployment's own secrets, which no response may contain. */
function addServerSecrets(deployment: Deployment, canaries: CanarySet): void {
  const { GOOGLE_CLIENT_ID: _public, ...secrets } = deployment.secrets;
  for (const value of Object.values(secrets)) canaries.add("server secret", value, null);
  for (const url of [deployment.ownerUrl, deployment.appUrl])
    canaries.add("database password", decodeURIComponent(new URL(url).password), null);
}

/** All flows of two people and their API clients, with an outage of the database. */
async function runAllFlows(context: FlowContext, isShort: boolean): Promise<void> {
  const { deployment, random } = context;
  await deployment.owner`delete from rate_limits`;
  const sender = newPerson(context, `sender ${random.hex(3)}`);
  const recipient = newPerson(context, `recipient ${random.hex(3)}`);
  await signUpAndIn(context, sender);
  await signUpAndIn(context, recipient);
  await topUp(context, sender);
  await transferTo(context, sender, recipient);
  await fillVault(context, sender);
  await withdraw(context, sender, isShort);
  const name = `API client of ${sender.name}`;
  const access = await signInByGoogle(context, name);
  const key = await tryKeys(context, sender, { name, access });
  await moveByApi(context, sender, key);
  await sendWebhooks(context, sender);
  await sendMalformed(context, sender, key, access);
  await sendDuringOutage(context, sender, key, access);
}

/** Checks the search itself: in a copy of the log with every canary appended it must find them all. */
function foundInMarkedLog(deployment: Deployment, canaries: CanarySet): number {
  const copy = `${deployment.logOf("app")}.copy`;
  const lines = canaries.values().map((value) => JSON.stringify({ level: "info", text: `x=${value}` }));
  fs.writeFileSync(copy, `${fs.readFileSync(deployment.logOf("app"), "utf8")}${lines.join("\n")}\n`);
  const found = canaries.search("a copy of the log", fs.readFileSync(copy, "utf8")).length;
  return found === canaries.size ? found : 0;
}

/** One sentence for each kind and location, without the secret. */
function sentences(sightings: readonly Sighting[]): string[] {
  const counts = new Map<string, number>();
  for (const { canary, location } of sightings) {
    const what = `${canary.kind} found in ${location}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `${what}${count > 1 ? `, ${count} times` : ""}`);
}
