import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { payoutRequest } from "@/e2e/support/contract-subject";
import { type Script, type ScriptedServer, startScriptedServer } from "@/e2e/support/scripted-http-server";
import { money } from "@/lib/money/money";
import { parseSettings } from "@/lib/parse-settings";
import type { PayoutRequest } from "../provider";
import { createPaystack } from ".";
import { paystackManifest } from "./manifest";

const PAYSTACK_SECRET_KEY = "sk_test_adapter_0123456789";
const payout: PayoutRequest = {
  ...payoutRequest,
  amount: money(200_000n, "NGN"),
  phone: "",
  bank: { bankCode: "058", accountNumber: "0123456789", accountName: "Adaeze Nwosu" },
};

let server: ScriptedServer;
let now = 0;
beforeAll(async () => {
  server = await startScriptedServer();
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(() => server.close());

function createAdapter() {
  const config = parseSettings(paystackManifest.settings, {
    PAYSTACK_SECRET_KEY,
    PAYSTACK_API_URL: `${server.url}/base/`,
  });
  return createPaystack(config, { callTimeoutMs: 300, now: () => now });
}

const yes = (data: unknown, meta?: object): Script => ({ status: 200, body: { status: true, data, meta } });
const paths = () => server.requests.map(({ method, path }) => `${method} ${path}`);

describe("what is sent", () => {
  it("carries the key, and no body with a query", async () => {
    server.script(yes({ status: "pending", reference: "txn-efghjkmnpqrs-payout" }));
    await createAdapter().getPayout?.("TXN-EFGHJKMNPQRS", null);
    expect(paths()).toEqual(["GET /base/transfer/verify/txn-efghjkmnpqrs-payout"]);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${PAYSTACK_SECRET_KEY}`);
    expect(server.requests[0]?.body).toBe("");
  });

  it("a charge's reference can't leave its place in the path", async () => {
    server.script(yes({}));
    await expect(createAdapter().getCollection?.("../transfer?x=1#", null)).rejects.toThrow();
    expect(paths()).toEqual(["GET /base/transaction/verify/..%2Ftransfer%3Fx%3D1%23"]);
  });
});

describe("a payout's recipient comes first, and moves nothing", () => {
  const cases: [string, Script, string][] = [
    ["500", { status: 500 }, "unavailable"],
    ["silence", "hang", "unavailable"],
    ["a cut connection", "reset", "unavailable"],
    ["garbage", { status: 201, body: "<html>" }, "unavailable"],
    ["429", { status: 429 }, "rate_limited"],
    [
      "a wrong account",
      { status: 400, body: { status: false, message: "Account number is invalid" } },
      "invalid_destination",
    ],
    ["a no", { status: 400, body: { status: false, message: "No" } }, "declined"],
  ];

  it.each(cases)("%s there is never unknown, and no transfer is requested", async (_, script, kind) => {
    server.script(script);
    await expect(createAdapter().createPayout(payout)).rejects.toMatchObject({ kind });
    expect(paths()).toEqual(["POST /base/transferrecipient"]);
  });

  it("a payout that can't be expressed creates no recipient", async () => {
    const adapter = createAdapter();
    await expect(adapter.createPayout({ ...payout, reference: "lower-case" })).rejects.toMatchObject({
      kind: "declined",
    });
    await expect(adapter.createPayout({ ...payout, bank: undefined })).rejects.toMatchObject({
      kind: "invalid_destination",
    });
    expect(server.requests).toEqual([]);
  });
});

describe("queries", () => {
  it.each([401, 403, 404, 500])("%i is unavailable, never a refusal", async (status) => {
    server.script({ status, body: "<html>" });
    const adapter = createAdapter();
    await expect(adapter.getCollection?.("TXN-23456789ABCD", null)).rejects.toMatchObject({
      kind: "unavailable",
    });
    await expect(adapter.getPayout?.("TXN-EFGHJKMNPQRS", null)).rejects.toMatchObject({
      kind: "unavailable",
    });
  });
});

describe("banks", () => {
  const bank = (code: string, name: string, more: object = {}) => ({
    code,
    name,
    active: true,
    is_deleted: false,
    ...more,
  });

  it("come from all pages, open ones once each, by name, and are remembered for an hour", async () => {
    server.script(({ path }) =>
      path.includes("next=page2")
        ? yes([bank("044", "Access Bank"), bank("058", "GTBank again")])
        : yes([bank("058", "Guaranty Trust Bank"), bank("999", "Gone", { is_deleted: true }), { name: 7 }], {
            next: "page2",
          }),
    );
    const { banks } = createAdapter();
    const expected = [
      { code: "044", name: "Access Bank" },
      { code: "058", name: "Guaranty Trust Bank" },
    ];
    expect(await Promise.all([banks?.listBanks(), banks?.listBanks()])).toEqual([expected, expected]);
    expect(server.requests).toHaveLength(2);
    now += 60 * 60 * 1000 - 1;
    await banks?.listBanks();
    expect(server.requests).toHaveLength(2);
    now += 1;
    await banks?.listBanks();
    expect(server.requests).toHaveLength(4);
  });

  it("reading stops after ten pages", async () => {
    server.script(yes([bank("058", "Guaranty Trust Bank")], { next: "again" }));
    await createAdapter().banks?.listBanks();
    expect(server.requests).toHaveLength(10);
  });

  it("a failure is not remembered", async () => {
    const { banks } = createAdapter();
    server.script({ status: 500 });
    await expect(banks?.listBanks()).rejects.toMatchObject({ kind: "unavailable" });
    server.script(yes([bank("058", "Guaranty Trust Bank")]));
    expect(await banks?.listBanks()).toHaveLength(1);
  });

  it("an account has its owner's name, queried once", async () => {
    server.script(yes({ account_number: "0123456789", account_name: "ADAEZE NWOSU", bank_id: 9 }));
    const { banks } = createAdapter();
    expect(await banks?.resolveAccount("058", "0123456789")).toEqual({ accountName: "ADAEZE NWOSU" });
    await banks?.resolveAccount("058", "0123456789");
    expect(paths()).toEqual(["GET /base/bank/resolve?account_number=0123456789&bank_code=058"]);
  });

  it.each<[string, Script, string]>([
    [
      "nobody's account",
      { status: 422, body: { status: false, message: "Could not resolve account name." } },
      "invalid_destination",
    ],
    ["a no without a reason", { status: 400, body: { status: false } }, "invalid_destination"],
    ["another account's name", yes({ account_number: "0000000000", account_name: "X" }), "unavailable"],
    ["500", { status: 500 }, "unavailable"],
    ["401", { status: 401, body: { status: false } }, "unavailable"],
    ["429", { status: 429 }, "rate_limited"],
  ])("%s is %s", async (_, script, kind) => {
    server.script(script);
    await expect(createAdapter().banks?.resolveAccount("058", "0123456789")).rejects.toMatchObject({ kind });
  });

  it.each([
    ["058", "123"],
    ["058", "01234567890"],
    ["05&8", "0123456789"],
    ["", "0123456789"],
  ])("bank %j, account %j isn't queried", async (bankCode, accountNumber) => {
    await expect(createAdapter().banks?.resolveAccount(bankCode, accountNumber)).rejects.toMatchObject({
      kind: "invalid_destination",
    });
    expect(server.requests).toEqual([]);
  });
});
