import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runScenario } from "@/e2e/resilience/run-scenario";
import { kills, runKills } from "./kills";

// A control that takes a minute, run with RESILIENCE_CONTROLS=1: kills find what a database forgets.
describe.runIf(process.env.RESILIENCE_CONTROLS === "1")("kills", () => {
  it("find operations lost by a database that acknowledges before it has written them", async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-control-"));
    fs.chmodSync(home, 0o755);
    const forgetful: typeof kills = {
      ...kills,
      run: (plan) => runKills(plan, ({ owner }) => owner`alter role cauris_app set synchronous_commit = off`),
    };
    const run = { seed: "21", minutes: 2, isSmoke: false, case: null, home, progress: () => {} };
    const outcome = await runScenario(forgetful, { ...run, signal: new AbortController().signal }, 120_000);
    fs.rmSync(home, { recursive: true, force: true });
    expect(outcome.problem).toBeNull();
    expect(outcome.violations.map(({ what }) => what)).toContainEqual(expect.stringMatching(/^lost: /));
  }, 400_000);
});
