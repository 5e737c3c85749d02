import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { kills } from "./scenario";
import { runPart } from "@/e2e/resilience/run-scenario";
import { runKills } from "./run-kills";

// A control of a minute, asked for by PROVE_CONTROLS=1: it shows that kills see what a database forgets.
describe.runIf(process.env.PROVE_CONTROLS === "1")("kills", () => {
  it("find acknowledged operations lost by a database that acknowledges before it has written", async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-control-"));
    fs.chmodSync(home, 0o755);
    const forgetful = {
      ...kills,
      run: (plan: Parameters<typeof kills.run>[0]) => runKills(plan, { isForgetful: true }),
    };
    const run = { seed: "21", minutes: 2, isSlice: false, case: null, home, say: () => {} };
    const outcome = await runPart(forgetful, { ...run, signal: new AbortController().signal }, 120_000);
    fs.rmSync(home, { recursive: true, force: true });
    expect(outcome.problem).toBeNull();
    expect(outcome.breaches.map(({ what }) => what)).toContainEqual(expect.stringMatching(/^lost: /));
  }, 400_000);
});
