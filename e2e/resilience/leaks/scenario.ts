// No secret is found where it doesn't belong. Every flow runs with secrets that occur nowhere else, one of them during
// an outage of the database; then responses, logs, all columns of the database, the files for browsers, the source and
// the titles of processes are searched for them, in every usual spelling and encoding.
import fs from "node:fs";
import { type Deployment, startDeployment } from "../deployment";
import { runCases } from "../run-cases";
import type { Scenario, ScenarioPlan, ScenarioResult } from "../scenario";
import { CanarySet, ResponseLog } from "./canaries";
import { runAllFlows } from "./flows";
import { searchDatabase, searchFiles, searchLogs, searchProcesses } from "./locations";

const CASES = 10;
/** The last one shows that the search finds what it searches for. */
const FAULTS = ["canaries", "outages", "found where they belong", "found in a log with all canaries"];

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
  const cases = plan.isSmoke ? 1 : CASES;
  const tally = await runCases(
    plan,
    { faults: FAULTS, least: cases, most: cases },
    async ({ random, tally }) => {
      await runAllFlows({ deployment, canaries, responses, random, isShort: plan.isSmoke });
      tally.fault("outages");
      return [];
    },
  );
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
  tally.violate(0, [
    ...leaked.map(({ canary, location }) => `${canary.kind} found in ${location}`),
    ...files.problems,
  ]);
  tally.count({
    responses: inResponses.count,
    "columns searched": database.columns,
    "files searched": files.files,
  });
  tally.fault("canaries", canaries.all.length);
  tally.fault("found where they belong", inResponses.allowed + database.allowed);
  tally.fault("found in a log with all canaries", foundInMarkedLog(deployment, canaries));
  return tally;
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
