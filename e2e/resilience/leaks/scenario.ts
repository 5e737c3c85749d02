import fs from "node:fs";
import { type Deployment, startDeployment } from "../deployment";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { CanarySet, ResponseLog, type Sighting } from "./canaries";
import { runAllFlows } from "./flows";
import { searchDatabase, searchFiles, searchLogs, searchProcesses } from "./locations";

const CASES = 10;

/**
 * Promise: no secret is found where it doesn't belong. Every flow runs with secrets that occur nowhere else, one of them during
 * an outage of the database; then responses, logs, all columns of the database, the files for browsers, the source and
 * the titles of processes are searched for them, in every usual spelling and encoding.
 */
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
  let outages = 0;
  const cases = plan.isSmoke ? 1 : CASES;
  for (const number of plan.cases({ least: cases, most: cases })) {
    const random = plan.random(number);
    await runAllFlows({ deployment, canaries, responses, random, isShort: plan.isSmoke });
    outages += 1;
    plan.progress(`leaks: ${canaries.all.length} canaries`);
  }
  // Logs are flushed twice a second.
  await new Promise((resolve) => setTimeout(resolve, 700));
  const inResponses = responses.search();
  const database = await searchDatabase(deployment, canaries);
  const files = searchFiles(canaries);
  const leaked = [
    ...inResponses.leaked,
    ...database.leaked,
    ...searchLogs(deployment, plan.home, canaries),
    ...searchProcesses(deployment, canaries),
  ];
  const violations = [...sentences(leaked), ...files.problems].map((what): Violation => ({ case: 0, what }));
  return {
    counts: {
      responses: inResponses.count,
      "columns searched": database.columns,
      "files searched": files.files,
    },
    faults: {
      canaries: canaries.all.length,
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

/** Checks the search itself: in a copy of the log with every canary appended it must find them all. */
function foundInMarkedLog(deployment: Deployment, canaries: CanarySet): number {
  const lines = canaries.all.map(({ value }) => JSON.stringify({ level: "info", text: `x=${value}` }));
  const text = `${fs.readFileSync(deployment.logOf("app"), "utf8")}${lines.join("\n")}\n`;
  const found = canaries.search("a copy of the log", text).length;
  return found === canaries.all.length ? found : 0;
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
