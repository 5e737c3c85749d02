import fs from "node:fs";
import { type Deployment, startDeployment } from "../deployment";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { Ear } from "./browser";
import { Aviary, type Sighting } from "./canaries";
import {
  fillVault,
  moveByApi,
  sendDuringOutage,
  sendInVain,
  topUp,
  transferTo,
  withdraw,
} from "./move-money";
import { searchBundle, searchDatabase, searchLogs, searchProcesses, searchTree } from "./places";
import { newVisitor, type Stage, sendWebhooks, signInByGoogle, signUpAndIn, tryKeys } from "./visit";

const CASES = 10;

/** Goal 10: every secret goes through every flow, and is found nowhere but where it belongs. */
export const leaks: Scenario = {
  name: "leaks",
  promise: "no secret is seen where it doesn't belong",
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
    return await plantAndSearch(deployment, plan);
  } finally {
    await deployment.stop();
  }
}

async function plantAndSearch(deployment: Deployment, plan: ScenarioPlan): Promise<ScenarioResult> {
  const aviary = new Aviary();
  const ear = new Ear(aviary);
  plantServers(deployment, aviary);
  const violations: Violation[] = [];
  let outages = 0;
  const cases = plan.isSmoke ? 1 : CASES;
  for (const number of plan.cases({ least: cases, most: cases })) {
    await liveThrough({ deployment, aviary, ear, random: plan.random(number) }, plan.isSmoke);
    outages += 1;
    plan.progress(`${aviary.size} secrets planted`);
  }
  // The log is written out twice a second.
  await new Promise((resolve) => setTimeout(resolve, 700));
  const answers = ear.search();
  const database = await searchDatabase(deployment, aviary);
  const stray = [
    ...answers.stray,
    ...database.stray,
    ...searchLogs(deployment, plan.home, aviary),
    ...searchProcesses(deployment, aviary),
  ];
  const [bundle, tree] = [searchBundle(aviary), searchTree()];
  violations.push(...sentences(stray).map((what) => ({ case: 0, what })));
  violations.push(...[...bundle.problems, ...tree.problems].map((what) => ({ case: 0, what })));
  return {
    counts: {
      answers: answers.answers,
      "columns searched": database.columns,
      "files searched": bundle.files + tree.files,
    },
    faults: {
      "canaries planted": aviary.size,
      "seen where they belong": answers.atHome + database.atHome,
      "found in a log on purpose": foundOnPurpose(deployment, aviary),
      outages,
    },
    violations,
  };
}

/** The deployment's own secrets, which no answer shows. */
function plantServers(deployment: Deployment, aviary: Aviary): void {
  const { GOOGLE_CLIENT_ID: _public, ...secrets } = deployment.secrets;
  for (const value of Object.values(secrets)) aviary.plant("server secret", value, null);
  for (const url of [deployment.ownerUrl, deployment.appUrl])
    aviary.plant("database password", decodeURIComponent(new URL(url).password), null);
}

/** Everything that two people and their programs do, with the database gone for a while. */
async function liveThrough(stage: Stage, isShort: boolean): Promise<void> {
  const { deployment, random } = stage;
  await deployment.owner`delete from rate_limits`;
  const sender = newVisitor(stage, `sender ${random.hex(3)}`);
  const recipient = newVisitor(stage, `recipient ${random.hex(3)}`);
  await signUpAndIn(stage, sender);
  await signUpAndIn(stage, recipient);
  await topUp(stage, sender);
  await transferTo(stage, sender, recipient);
  await fillVault(stage, sender);
  await withdraw(stage, sender, isShort);
  const name = `program of ${sender.name}`;
  const access = await signInByGoogle(stage, name);
  const key = await tryKeys(stage, sender, { name, access });
  await moveByApi(stage, sender, key);
  await sendWebhooks(stage, sender);
  await sendInVain(stage, sender, key, access);
  await sendDuringOutage(stage, sender, key, access);
}

/** That the search can find: each canary written to a copy of the log is seen there. */
function foundOnPurpose(deployment: Deployment, aviary: Aviary): number {
  const copy = `${deployment.logOf("app")}.copy`;
  const lines = aviary.values().map((value) => JSON.stringify({ level: "info", said: `x=${value}` }));
  fs.writeFileSync(copy, `${fs.readFileSync(deployment.logOf("app"), "utf8")}${lines.join("\n")}\n`);
  const found = aviary.search("a copy of the log", fs.readFileSync(copy, "utf8")).length;
  return found === aviary.size ? found : 0;
}

/** One sentence a kind and place, without the secret itself. */
function sentences(sightings: readonly Sighting[]): string[] {
  const counts = new Map<string, number>();
  for (const { canary, place } of sightings) {
    const what = `${canary.kind} seen in ${place}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `${what}${count > 1 ? `, ${count} times` : ""}`);
}
