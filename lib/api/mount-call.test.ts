import { describe, expect, it } from "vitest";
import type { Database } from "@/db/client";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { DomainError } from "@/lib/errors";
import { API_PERMISSIONS } from "@/lib/services/api-access/keys/schema";
import type { CredentialChecks } from "./credential";
import { createApiLimits } from "./limits";
import { createApi } from "./route-table";

/** Nothing here gets as far as the database. */
const noDatabase = () => ({}) as Database;

let nextKeyId = 1n;

/** Every key is good; the same text is the same key, and all are one user's. */
function keyChecks() {
  const ids = new Map<string, bigint>();
  return {
    accessToken: () => Promise.resolve({ kind: "user", userId: 1n, sessionId: "s" } as const),
    apiKey(text: string) {
      const keyId = ids.get(text) ?? nextKeyId;
      if (!ids.has(text)) nextKeyId += 1n;
      ids.set(text, keyId);
      return Promise.resolve({
        actor: { kind: "api_key", userId: 1n, keyId } as const,
        permissions: API_PERMISSIONS,
      });
    },
  };
}

const LIMITS = { key: 1_000, account: 1_000, address: 1_000, refused: 1_000, transfers: 1_000 };

function apiWith(limits: Partial<typeof LIMITS> = {}, checks?: CredentialChecks) {
  const dependencies = testDependencies(noDatabase, checks);
  return createApi({ ...dependencies, limits: createApiLimits({ ...LIMITS, ...limits }) });
}

function post(path: string, body: string, headers: Record<string, string> = {}): Request {
  return new Request(`http://localhost:3000${path}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", "x-api-key": "one", ...headers },
  });
}

describe("amounts", () => {
  const api = apiWith({}, keyChecks());
  const number = "1234567890128";
  const calls = ["/api/wallet/deposit", "/api/wallet/transfer", "/api/wallet/withdraw"];
  const wrong = [
    '"500000"',
    "5e5",
    "500000.0",
    "0.5",
    "-1",
    "0",
    "-0",
    "1000000000000001",
    "9007199254740993",
    "1e400",
    "null",
    "true",
    "[1]",
    "{}",
  ];

  it.each(calls.flatMap((path) => wrong.map((amount) => [path, amount] as const)))(
    "%s refuses %s with a 422 that names the field",
    async (path, amount) => {
      const recipient = path.endsWith("transfer") ? `"wallet_number":"${number}",` : "";
      const response = await api.answer(post(path, `{${recipient}"amount":${amount}}`));
      const body = await response.json();
      expect([response.status, body.code]).toEqual([422, "validation_failed"]);
      expect(body.fields.map(({ field }: { field: string }) => field)).toEqual(["amount"]);
    },
  );
});

describe("names", () => {
  const api = apiWith({}, keyChecks());

  it.each(["/api/wallet/deposit", "/api/wallet/transfer", "/api/wallet/withdraw"])(
    "%s refuses one that it doesn't know, rather than mean the default",
    async (path) => {
      const response = await api.answer(post(path, '{"amount":5,"curency":"XOF"}'));
      expect(response.status).toBe(422);
      expect((await response.json()).fields).toContainEqual({ field: "curency", reason: "unknown_field" });
    },
  );

  it("a repeated name is malformed", async () => {
    const body = '{"wallet_number":"1234567890128","amount":1,"amount":300}';
    expect((await api.answer(post("/api/wallet/transfer", body))).status).toBe(400);
  });

  it("a field of another type is of a wrong type, not missing", async () => {
    const response = await api.answer(
      post("/api/wallet/transfer", '{"wallet_number":"1234567890128","amount":1,"note":1.5}'),
    );
    expect((await response.json()).fields).toEqual([{ field: "note", reason: "wrong_type" }]);
  });
});

describe("what isn't JSON in UTF-8", () => {
  const api = apiWith({}, keyChecks());
  const body = '{"amount":0}';
  const status = async (headers: Record<string, string>) =>
    (await api.answer(post("/api/wallet/transfer", body, headers))).status;

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=iso-8859-1",
    "application/jsonp",
    "text/json",
    "",
  ])("by Content-Type %j is refused with 415", async (type) => {
    expect(await status({ "content-type": type })).toBe(415);
  });

  it.each([
    "application/json",
    "application/json; charset=utf-8",
    "Application/JSON;charset=UTF8",
    "application/vnd.x+json",
  ])("is not %s", async (type) => {
    expect(await status({ "content-type": type })).toBe(422);
  });

  it.each(["gzip", "br", "deflate", "gzip, identity"])(
    "by Content-Encoding %s is refused with 415",
    async (coding) => {
      expect(await status({ "content-encoding": coding })).toBe(415);
    },
  );

  it("is a body that says nothing", async () => {
    const bytes = new TextEncoder().encode(body);
    const request = new Request("http://localhost:3000/api/wallet/transfer", {
      method: "POST",
      body: bytes,
      headers: { "x-api-key": "one" },
    });
    expect((await api.answer(request)).status).toBe(422);
    expect(await status({ "content-encoding": "identity" })).toBe(422);
  });
});

describe("query parameters", () => {
  const api = apiWith({}, keyChecks());
  const get = async (path: string) => {
    const request = new Request(`http://localhost:3000${path}`, { headers: { "x-api-key": "one" } });
    const response = await api.answer(request);
    return { status: response.status, fields: ((await response.json()) as { fields?: unknown }).fields };
  };

  it.each([
    ["/api/wallet/transactions?limit=0", "limit", "too_small"],
    ["/api/wallet/transactions?limit=101", "limit", "out_of_range"],
    ["/api/wallet/transactions?limit=1e2", "limit", "not_an_integer"],
    ["/api/wallet/transactions?limit=+5", "limit", "not_an_integer"],
    ["/api/wallet/transactions?limit=0x10", "limit", "not_an_integer"],
    ["/api/wallet/transactions?limit=1.5", "limit", "not_an_integer"],
    ["/api/wallet/transactions?limit=", "limit", "not_an_integer"],
    ["/api/wallet/transactions?from=yesterday", "from", "wrong_format"],
    ["/api/wallet/transactions?from=0107-01-01", "from", "out_of_range"],
    ["/api/wallet/transactions?type=gift", "type", "unknown_value"],
    ["/api/wallet/transactions?page=2", "page", "unknown_field"],
    ["/api/wallet/balance?curency=XOF", "curency", "unknown_field"],
    ["/api/wallet/balance?currency=USD", "currency", "unknown_value"],
    ["/api/wallet/deposit/TXN-7K2M9QXA4B3C/status?x=1", "x", "unknown_field"],
  ])("%s is refused: %s %s", async (path, field, reason) => {
    expect(await get(path)).toEqual({ status: 422, fields: [{ field, reason }] });
  });
});

describe("which credential counts", () => {
  const checks = {
    ...keyChecks(),
    accessToken: async (token: string) => {
      if (token !== "good") throw new DomainError("unauthenticated");
      return { kind: "user", userId: 7n, sessionId: "s" } as const;
    },
  };
  const api = apiWith({}, checks);
  const ask = async (headers: Record<string, string>) => {
    const request = new Request("http://localhost:3000/api/wallet/transfer", {
      method: "POST",
      body: '{"amount":0}',
      headers: { "content-type": "application/json", ...headers },
    });
    return (await api.answer(request)).status;
  };

  it.each<[Record<string, string>, number]>([
    [{ authorization: "Basic YTpi", "x-api-key": "one" }, 422],
    [{ authorization: "Digest x", "x-api-key": "one" }, 422],
    [{ authorization: "", "x-api-key": "one" }, 422],
    [{ authorization: "Bearer good", "x-api-key": "one" }, 422],
    // Who names a person must not act as another one.
    [{ authorization: "Bearer bad", "x-api-key": "one" }, 401],
    [{ authorization: "Basic YTpi" }, 401],
    [{ "x-api-key": "" }, 401],
    [{}, 401],
  ])("%j: %i", async (headers, status) => {
    expect(await ask(headers)).toBe(status);
  });
});

describe("rate limits", () => {
  const wrongAmount = (key: string, address = "10.0.0.1") =>
    post("/api/wallet/transfer", '{"amount":0}', { "x-api-key": key, "x-cauris-address": address });

  it("stop one key after its calls of a minute, with Retry-After, and no other key", async () => {
    const api = apiWith({ key: 3 }, keyChecks());
    for (let call = 0; call < 3; call += 1) expect((await api.answer(wrongAmount("a"))).status).toBe(422);
    const stopped = await api.answer(wrongAmount("a"));
    expect(stopped.status).toBe(429);
    expect(Number(stopped.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(stopped.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    expect(await stopped.json()).toMatchObject({ code: "rate_limited" });
    expect((await api.answer(wrongAmount("b"))).status).toBe(422);
  });

  it("stop an account over all its keys", async () => {
    const api = apiWith({ account: 3 }, keyChecks());
    for (const key of ["a", "b", "c"]) expect((await api.answer(wrongAmount(key))).status).toBe(422);
    expect((await api.answer(wrongAmount("d"))).status).toBe(429);
  });

  it("stop an address over all its callers, and no other address", async () => {
    const api = apiWith({ address: 2 }, keyChecks());
    for (const key of ["a", "b"]) expect((await api.answer(wrongAmount(key))).status).toBe(422);
    expect((await api.answer(wrongAmount("c"))).status).toBe(429);
    expect((await api.answer(wrongAmount("c", "10.0.0.2"))).status).toBe(422);
  });

  it("stop an address after too many refusals", async () => {
    const api = apiWith({ refused: 2 });
    const guess = () => api.answer(wrongAmount("guess"));
    expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([401, 401, 429]);
  });

  it("count the transfers of a list, not the list, and refuse a longer one as a whole", async () => {
    const api = apiWith({ transfers: 10 }, keyChecks());
    const list = async (length: number, key = "a") => {
      const transfers = Array.from({ length }, () => ({ wallet_number: "1234567890128", amount: 1 }));
      return (
        await api.answer(post("/api/wallet/transfers", JSON.stringify({ transfers }), { "x-api-key": key }))
      ).status;
    };
    // Beyond the limit there is no database in this test: what got through fails.
    expect([await list(6), await list(5), await list(4, "b"), await list(1)]).toEqual([500, 429, 500, 429]);
    const single = post("/api/wallet/transfer", '{"wallet_number":"1234567890128","amount":1}', {
      "x-api-key": "a",
    });
    expect((await api.answer(single)).status).toBe(429);
    expect((await api.answer(wrongAmount("a"))).status).toBe(422);
  });

  it("count the /64s of one /56 and the /56s of one /48 together", async () => {
    const api = apiWith({ address: 2 }, keyChecks());
    const from = async (address: string) => (await api.answer(wrongAmount("a", address))).status;
    const inOne56 = [
      "2001:db8:1:1::1",
      "2001:db8:1:2::1",
      "2001:db8:1:3::1",
      "2001:db8:1:4::1",
      "2001:db8:1:5::1",
    ];
    const statuses: number[] = [];
    for (const address of inOne56) statuses.push(await from(address));
    expect(statuses).toEqual([422, 422, 422, 422, 429]);
    const inOne48 = Array.from({ length: 9 }, (_, at) => `2001:db8:2:${at}00::1`);
    const of48: number[] = [];
    for (const address of inOne48) of48.push(await from(address));
    expect(of48).toEqual([422, 422, 422, 422, 422, 422, 422, 422, 429]);
  });

  it("count an IPv6 customer's whole network, and an address with a port, as one", async () => {
    const api = apiWith({ address: 2 }, keyChecks());
    const from = async (address: string) => (await api.answer(wrongAmount("a", address))).status;
    expect([await from("2001:db8::1"), await from("2001:db8::2"), await from("2001:db8:0:0:9::3")]).toEqual([
      422, 422, 429,
    ]);
    expect([await from("203.0.113.9:1"), await from("203.0.113.9:2"), await from("203.0.113.9")]).toEqual([
      422, 422, 429,
    ]);
  });
});

describe("cross-origin requests", () => {
  const api = apiWith({}, keyChecks());
  const from = (origin: string, method = "OPTIONS") =>
    new Request("http://localhost:3000/api/wallet/transfer", { method, headers: { origin } });

  it("an allowed origin may call with the API's headers, and without cookies", async () => {
    const answer = await api.answer(from("https://app.example"));
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(answer.headers.get("access-control-allow-methods")).toContain("POST");
    expect(answer.headers.get("access-control-allow-headers")).toContain("idempotency-key");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    expect(answer.headers.get("vary")).toContain("Origin");
  });

  it.each(["https://app.example.evil.test", "http://app.example", "null", "https://other.example"])(
    "%s may not",
    async (origin) => {
      const answer = await api.answer(from(origin));
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      expect(answer.headers.get("access-control-allow-methods")).toBeNull();
    },
  );

  it("errors are readable for an allowed origin too", async () => {
    const answer = await api.answer(post("/api/wallet/transfer", "{}", { origin: "https://app.example" }));
    expect(answer.status).toBe(422);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example");
  });
});

describe("bodies and headers", () => {
  const api = apiWith({}, keyChecks());

  it("a body over 256 kB is refused without being read as JSON", async () => {
    const answer = await api.answer(post("/api/wallet/transfer", `{"note":"${"x".repeat(300_000)}"}`));
    expect(answer.status).toBe(413);
  });

  it.each(["", " ", "é", "x".repeat(256)])("an idempotency key like %j is refused by name", async (key) => {
    const headers = { "idempotency-key": Buffer.from(key).toString("latin1") };
    const answer = await api.answer(post("/api/wallet/transfer", "{}", headers));
    expect(answer.status).toBe(422);
    expect((await answer.json()).fields).toEqual([{ field: "Idempotency-Key", reason: "wrong_format" }]);
  });

  it("HEAD never takes a sign-in's state: link scanners send it", async () => {
    const request = new Request("http://localhost:3000/api/auth/google/callback?code=x&state=y", {
      method: "HEAD",
    });
    expect((await api.answer(request)).status).toBe(405);
  });

  it("an address that only resembles a route is a 404", async () => {
    const url = "http://localhost:3000/api/wallet/deposit/x/y/status";
    expect((await api.answer(new Request(url))).status).toBe(404);
  });

  it("HEAD is answered as GET is, and another method with 405 and what is allowed", async () => {
    const at = (method: string) =>
      api.answer(new Request("http://localhost:3000/api/health/live/", { method }));
    expect((await at("HEAD")).status).toBe(200);
    const refused = await at("PUT");
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });
});
