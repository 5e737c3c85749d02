import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fastOptions } from "@/e2e/support/getmipay-fixture";
import { httpBeacon } from "@/lib/services/tontines/order/beacon";
import { isSignedRound } from "@/lib/services/tontines/order/beacon-signature";
import { roundAt } from "@/lib/services/tontines/order/draw-sheet";
import { SANDBOX_BEACON, sandboxRound } from "./beacon";
import { type Sandbox, startSandbox } from "./server";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox(fastOptions());
});
afterAll(() => sandbox.close());

const beacon = () =>
  httpBeacon({ ...SANDBOX_BEACON, urls: ["a", "b"].map((mirror) => `${sandbox.url}/drand/${mirror}`) });

async function setFaults(faults: Partial<Record<"a" | "b", string>>): Promise<void> {
  for (const mirror of ["a", "b"] as const) {
    const response = await fetch(`${sandbox.url}/_beacon`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ mirror, fault: faults[mirror] ?? null }),
    });
    expect(response.status).toBe(200);
  }
}

describe("the sandbox's beacon, read by the client", () => {
  it("gives a round that verifies, the same each time", async () => {
    await setFaults({});
    const round = roundAt(new Date()) - 1;
    const { randomness, signature } = sandboxRound(round);
    const answer = await beacon().read(round);
    expect(answer).toMatchObject({ kind: "round", value: { round, randomness, signature } });
    expect(await beacon().read(round)).toEqual(answer);
    expect(isSignedRound(round, signature, SANDBOX_BEACON.publicKey)).toBe(true);
  });

  it("has no round of the future", async () => {
    await setFaults({});
    expect(await beacon().read(roundAt(new Date()) + 100)).toEqual({ kind: "late", liars: [] });
  });

  it.each([
    ["late", "gone"],
    ["other_round", "other_round"],
    ["unsigned", "late"],
    ["gone", "gone"],
  ])("is %s on the first mirror: the second one is asked", async (a) => {
    await setFaults({ a });
    const round = roundAt(new Date()) - 1;
    expect(await beacon().read(round)).toMatchObject({ kind: "round", value: sandboxRound(round) });
  });

  it.each([
    [{ a: "other_round", b: "unsigned" }, "unreachable", 2],
    [{ a: "unsigned", b: "late" }, "late", 1],
    [{ a: "gone", b: "gone" }, "unreachable", 0],
    [{ a: "gone", b: "late" }, "late", 0],
  ])("answers nothing that it didn't sign: %j", async (faults, kind, liars) => {
    await setFaults(faults);
    const answer = await beacon().read(roundAt(new Date()) - 1);
    expect(answer).toMatchObject({ kind });
    expect(answer.liars.length).toBe(liars);
  });

  it("isn't reached where nothing listens", async () => {
    const nowhere = httpBeacon({ ...SANDBOX_BEACON, urls: ["http://127.0.0.1:9"] });
    expect(await nowhere.read(1)).toEqual({ kind: "unreachable", liars: [] });
  });
});
