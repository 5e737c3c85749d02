import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Script, type ScriptedServer, startScriptedServer } from "@/e2e/support/scripted-http-server";
import { money } from "@/lib/money/money";
import { parseSettings } from "@/lib/parse-settings";
import { createPaystack } from ".";
import { paystackManifest } from "./manifest";

const FROM = new Date("2026-11-21T00:00:00Z");
const TO = new Date("2026-11-22T00:00:00Z");

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(() => server.close());

function list() {
  const config = parseSettings(paystackManifest.settings, {
    PAYSTACK_SECRET_KEY: "sk_test_list_0123456789",
    PAYSTACK_API_URL: server.url,
  });
  return createPaystack(config, { callTimeoutMs: 1_000 }).listTransactions?.(FROM, TO);
}

const yes = (data: unknown): Script => ({ status: 200, body: { status: true, message: "Retrieved", data } });
const charge = (id: number, change: object = {}) => ({
  id,
  domain: "test",
  status: "success",
  reference: `TXN-${String(id).padStart(12, "0")}`,
  amount: 500_000,
  currency: "NGN",
  paid_at: "2026-11-21T10:05:00.000Z",
  created_at: "2026-11-21T10:00:00.000Z",
  ...change,
});
const transfer = (id: number, change: object = {}) => ({
  id,
  domain: "test",
  status: "success",
  reference: "txn-efghjkmnpqrs-payout",
  transfer_code: `TRF_${id}`,
  amount: 200_000,
  currency: "NGN",
  createdAt: "2026-11-21T11:00:00.000Z",
  updatedAt: "2026-11-21T11:01:00.000Z",
  ...change,
});

/** Answers each list with its rows, page by page as requested. */
function play(charges: object[], transfers: object[]): void {
  server.script(({ path }) => {
    const { pathname, searchParams } = new URL(path, "http://server");
    const size = Number(searchParams.get("perPage"));
    const start = (Number(searchParams.get("page")) - 1) * size;
    return yes((pathname === "/transaction" ? charges : transfers).slice(start, start + size));
  });
}

describe("Paystack's own list", () => {
  it("has charges and transfers in our terms, whatever the spelling of their times", async () => {
    play(
      [charge(1), charge(2, { paid_at: null, status: "abandoned", createdAt: "2026-11-21T12:00:00Z" })],
      [transfer(3), transfer(4, { reference: "by_hand_0123456789", status: "reversed" })],
    );
    const common = { amount: money(500_000n, "NGN"), currencyCode: "NGN", live: false, reasonCode: null };
    const listed = await list();
    expect(listed).toEqual([
      {
        ...common,
        direction: "in",
        id: "1",
        status: "succeeded",
        reference: "TXN-000000000001",
        providerReference: "TXN-000000000001",
        createdAt: new Date("2026-11-21T10:00Z"),
        changedAt: new Date("2026-11-21T10:05Z"),
        paidAt: new Date("2026-11-21T10:05Z"),
      },
      expect.objectContaining({
        id: "2",
        status: "pending",
        createdAt: new Date("2026-11-21T12:00Z"),
        changedAt: new Date("2026-11-21T12:00Z"),
      }),
      {
        ...common,
        amount: money(200_000n, "NGN"),
        direction: "out",
        id: "3",
        status: "succeeded",
        reference: "TXN-EFGHJKMNPQRS",
        providerReference: "TRF_3",
        createdAt: new Date("2026-11-21T11:00Z"),
        changedAt: new Date("2026-11-21T11:01Z"),
      },
      expect.objectContaining({ id: "4", status: "reversed", reference: null, providerReference: "TRF_4" }),
    ]);
    const [first] = server.requests;
    expect(first?.path).toBe(
      "/transaction?perPage=50&page=1&from=2026-11-21T00%3A00%3A00.000Z&to=2026-11-22T00%3A00%3A00.000Z",
    );
  });

  it("is read to its end, and what moved to a later page meanwhile counts once", async () => {
    const rows = Array.from({ length: 120 }, (_, index) => charge(index + 1));
    let calls = 0;
    server.script(({ path }) => {
      const { pathname, searchParams } = new URL(path, "http://server");
      if (pathname === "/transfer") return yes([]);
      // A new one comes in at the front after each page.
      const shifted = [...Array.from({ length: calls }, (_, index) => charge(1000 + index)), ...rows];
      calls += 1;
      const start = (Number(searchParams.get("page")) - 1) * 50;
      return yes(shifted.slice(start, start + 50));
    });
    const listed = await list();
    expect(calls).toBe(3);
    expect(listed?.filter(({ id }) => Number(id) <= 120)).toHaveLength(120);
  });

  it.each<[string, Script]>([
    ["a row that isn't one", yes([null])],
    ["a row without an id", yes([{ ...charge(1), id: undefined }])],
    ["a row without a time", yes([charge(1, { created_at: "yesterday" })])],
    ["no list", yes({})],
    ["a refusal", { status: 400, body: { status: false, message: "No" } }],
  ])("is never returned in part: %s", async (_, script) => {
    server.script(script);
    await expect(list()).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("may have pages larger than any single answer", async () => {
    play([charge(1, { log: "x".repeat(1_000_000) })], []);
    expect(await list()).toHaveLength(1);
  });
});
