import { afterAll, beforeAll, expect, it } from "vitest";
import { type Script, startScriptedServer } from "@/e2e/support/scripted-http-server";
import { transfer } from "@/lib/api/wallet/transfer";
import { randomFrom } from "../random";
import { Client } from "./client";
import { type Person, Requests } from "./requests";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

const person: Person = { walletId: 1n, walletNumber: "1", apiKey: "sk_1" };
const body = { reference: "TXN-1", amount_minor: 5 };
const done: Script = { status: 200, body };
const replayed: Script = { ...done, headers: { "idempotency-replayed": "true" } };
const refused = (status: number, code: string): Script => ({ status, body: { code } });
const unknown = refused(504, "outcome_unknown");

/** What clients know after a request whose attempts end like this, one after the other. */
async function after(type: "transfer" | "deposit", ...ends: Script[]) {
  server.script(() => ends.shift() ?? refused(500, "script_over"));
  const client = new Client(server.url);
  const requests = new Requests(client, randomFrom("requests"));
  if (type === "transfer") await requests.transfer(person, [{ to: person, amount: 5 }]);
  else await requests.order(type, person, "XOF", { amount: 5, accepted: [200, "outcome_unknown"] });
  client.close();
  return { expected: requests.expected, violations: client.violations, counts: client.counts };
}

it("sends a request until its outcome is definite, and expects its operation once", async () => {
  const { expected, violations, counts } = await after(
    "transfer",
    "reset",
    "half_response",
    unknown,
    replayed,
  );
  expect(counts).toMatchObject({ ambiguous: 3, alreadyCommitted: 1, fresh: 1, cut: 1, unavailable: 0 });
  expect(expected).toMatchObject([{ type: "transfer", reference: "TXN-1", amountMinor: 5n }]);
  expect(violations).toEqual([]);
});

it("finds a replay though every earlier response said that nothing was done", async () => {
  const { violations } = await after("transfer", refused(503, "unavailable"), replayed);
  expect(violations).toEqual([expect.stringMatching(/answered with a replay/)]);
});

it.each<[string, Script, RegExp]>([
  ["a fault of ours", refused(500, "internal"), /answered with 500 internal/],
  ["another amount", { status: 200, body: { ...body, amount_minor: 6 } }, /transfer of .*"amount_minor":6/],
  ["a refusal that it doesn't expect", refused(401, "unauthenticated"), /answered with 401 unauthenticated/],
  ["a success without an operation", { status: 200, body: {} }, /transfer of .*\{\}/],
])("finds %s", async (_, end, violation) => {
  expect((await after("transfer", "reset", end)).violations).toEqual([expect.stringMatching(violation)]);
});

it("expects a deposit perhaps whose outcome stays unknown, and never one that was refused", async () => {
  const lost = await after("deposit", unknown, unknown, unknown, unknown);
  expect(lost).toMatchObject({ expected: [{ isUncertain: true }], violations: [] });
  expect(await after("transfer", refused(400, "insufficient_funds"))).toMatchObject({ expected: [] });
});

const transferred = {
  ...{ status: "success", message: "Transfer completed", reference: "TXN-1" },
  ...{ amount: 5, amount_minor: 5, currency: "XOF" },
};

it.each<[string, Script, number]>([
  ["accepts a documented success", { status: 200, body: transferred }, 0],
  ["finds a success of another shape", { status: 200, body: { status: "success" } }, 1],
  ["finds an undocumented error code", refused(400, "key_replaced"), 1],
  ["finds a response without a code", { status: 400, body: {} }, 1],
])("compares responses with their documentation: %s", async (_, script, violations) => {
  server.script(script);
  const client = new Client(server.url);
  await client.call({ definition: transfer, path: transfer.path }, [200, 400]);
  client.close();
  expect(client.violations).toHaveLength(violations);
});
