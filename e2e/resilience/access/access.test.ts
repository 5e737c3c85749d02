import { describe, expect, it } from "vitest";
import { API_CALLS } from "@/lib/api/route-table";
import type { Build } from "../read-build";
import { CALLS, FILES, HANDLERS } from "./api-rules";
import { BYPASS_VARIANTS } from "./bypass-variants";
import type { Caller } from "./callers";
import { CROSS_SITE_VARIANTS } from "./cross-site-variants";
import { type Discovered, type Endpoint, findEndpoints } from "./find-endpoints";
import { comparable, findBypassFault, findCrossSiteFault, findFault, verdictFor } from "./oracle";
import { ACTIONS, PAGES, type Rule } from "./page-rules";
import { privateDataPattern } from "./people";
import type { Person } from "./person";
import type { RawResponse } from "./raw-request";
import { changedTables } from "./state-diff";

const build: Build = {
  id: "b",
  pages: Object.keys(PAGES),
  handlers: Object.keys(HANDLERS),
  prerendered: [],
  actions: Object.keys(ACTIONS).map((name, index) => ({
    id: `id${index}`,
    name,
    pages: ["/[locale]/wallet"],
  })),
  files: Object.keys(FILES),
  chunks: [],
};

const discovered = (overrides: Partial<Discovered> = {}): Discovered => ({
  build,
  routes: Object.keys(CALLS).map((name) => {
    const [method, path = ""] = name.split(" ");
    return { method: method === "POST" ? "POST" : "GET", path };
  }),
  access: new Map(API_CALLS.map((call): [string, Rule] => [`${call.method} ${call.path}`, call.access])),
  origin: "http://localhost:3000",
  ...overrides,
});

const endpoint = (name: string): Endpoint => {
  const found = findEndpoints(discovered()).endpoints.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`there is no endpoint ${name}`);
  return found;
};

const response = (status: number, body = "", headers: RawResponse["headers"] = {}): RawResponse => ({
  status,
  headers,
  body,
});

const ANONYMOUS: Caller = { name: "anonymous", headers: {} };
const OTHER: Caller = { name: "other", headers: {}, session: "other", token: "other" };
const WALLET_PAGE = '<a href="/wallet/settings">Compte</a>';
const SIGN_IN = { location: "/sign-in?next=%2Fwallet" };

describe("the list of endpoints", () => {
  it("contains every endpoint of the build and nothing else", () => {
    expect(findEndpoints(discovered()).problems).toEqual([]);
  });

  it.each([
    ["page", { build: { ...build, pages: [...build.pages, "/[locale]/wallet/loans"] } }],
    ["route handler", { build: { ...build, handlers: [...build.handlers, "/internal/report"] } }],
    ["file", { build: { ...build, files: [...build.files, "/backup.sql"] } }],
    [
      "server action",
      {
        build: {
          ...build,
          actions: [...build.actions, { id: "x", name: "wallet/actions.ts#lend", pages: [] }],
        },
      },
    ],
    [
      "call of the API",
      { routes: [...discovered().routes, { method: "GET", path: "/api/wallet/loans" } as const] },
    ],
  ])("an unlisted %s is a violation", (what, overrides) => {
    expect(findEndpoints(discovered(overrides)).problems).toEqual([
      expect.stringContaining(`unlisted ${what}: `),
    ]);
  });

  it("a rule without an endpoint is a violation", () => {
    const pages = build.pages.filter((page) => page !== "/[locale]/wallet/keys");
    const { problems } = findEndpoints(discovered({ build: { ...build, pages } }));
    expect(problems).toEqual([expect.stringContaining("the build doesn't have: /[locale]/wallet/keys")]);
  });

  it("a call that the product's own table opens to others is a violation", () => {
    const access = new Map(discovered().access).set("GET /api/wallet/balance", "anyone");
    expect(findEndpoints(discovered({ access })).problems).toEqual([
      expect.stringContaining("GET /api/wallet/balance is for"),
    ]);
  });
});

describe("an endpoint that is open to the wrong caller is reported:", () => {
  const faultOf = (name: string, caller: Caller, received: RawResponse) => {
    const at = endpoint(name);
    return findFault(at, verdictFor(at, caller), received);
  };

  it("a page of the wallet, to an anonymous caller", () => {
    expect(faultOf("page /fr/wallet/settings", ANONYMOUS, response(307, "", SIGN_IN))).toBeNull();
    expect(faultOf("page /fr/wallet/settings", ANONYMOUS, response(200, WALLET_PAGE))).not.toBeNull();
    expect(
      faultOf("page /fr/wallet/settings", ANONYMOUS, response(307, "", { location: "/wallet" })),
    ).not.toBeNull();
  });

  it("a vault, to another user", () => {
    expect(faultOf("page /fr/wallet/vaults/[vaultId], owner's object", OTHER, response(404))).toBeNull();
    expect(
      faultOf("page /fr/wallet/vaults/[vaultId], owner's object", OTHER, response(200, WALLET_PAGE)),
    ).not.toBeNull();
    expect(faultOf("page /fr/wallet/vaults/[vaultId], owner's object", OTHER, response(403))).not.toBeNull();
  });

  it("an API call, to a key without its permission", () => {
    const key: Caller = { name: "key", headers: {}, key: { role: "owner", permissions: ["read"] } };
    const body = '{"request_id":"1"}';
    expect(faultOf("POST /api/wallet/transfer", key, response(403, body))).toBeNull();
    expect(faultOf("POST /api/wallet/transfer", key, response(200, body))).not.toBeNull();
    expect(faultOf("POST /api/keys/create", key, response(401, body))).toBeNull();
    expect(faultOf("POST /api/keys/create", key, response(200, body))).not.toBeNull();
  });

  it("a server action, to an anonymous caller and to another user", () => {
    const name = "action wallet/vaults/actions.ts#putMoney as the script sends it, owner's object";
    const state = (code: string) => response(200, `1:{"ok":false,"code":"${code}"}`);
    expect(faultOf(name, ANONYMOUS, state("unauthenticated"))).toBeNull();
    expect(faultOf(name, ANONYMOUS, state("insufficient_funds"))).not.toBeNull();
    expect(faultOf(name, OTHER, state("not_found"))).toBeNull();
    expect(faultOf(name, OTHER, state("insufficient_funds"))).not.toBeNull();
    expect(
      faultOf(name, OTHER, response(303, "", { "x-action-redirect": "/wallet/vaults/1;push" })),
    ).not.toBeNull();
  });

  it("a path that must not exist", () => {
    expect(faultOf("GET /.env", ANONYMOUS, response(404))).toBeNull();
    expect(faultOf("GET /.env", ANONYMOUS, response(200, "SECRET=1"))).not.toBeNull();
  });

  it("any endpoint, by a bypass variant", () => {
    const request = { method: "GET", target: "/", headers: {} };
    const bypassed = (name: string, received: RawResponse) =>
      findBypassFault(endpoint(name), { request, caller: ANONYMOUS }, received);
    expect(bypassed("page /fr/wallet/settings", response(200, "a public page"))).toBeNull();
    const otherLanguage = response(200, '{"href":"/en/wallet/settings","hrefLang":"en"}');
    expect(bypassed("page /fr/wallet/settings", otherLanguage)).toBeNull();
    expect(bypassed("page /fr/wallet/settings", response(200, WALLET_PAGE))).not.toBeNull();
    expect(
      bypassed("page /fr/wallet/settings", response(200, '{"href":"/wallet/settings","className":""}')),
    ).not.toBeNull();
    expect(bypassed("GET /api/wallet/balance", response(401))).toBeNull();
    expect(bypassed("GET /api/wallet/balance", response(200, "{}"))).not.toBeNull();
    expect(
      bypassed("action wallet/vaults/actions.ts#openVault", response(303, "", { location: "/wallet" })),
    ).not.toBeNull();
  });

  it("a server action, to a page of another site", () => {
    const at = endpoint("action wallet/vaults/actions.ts#openVault");
    expect(findCrossSiteFault(at, null, response(403))).toBeNull();
    expect(findCrossSiteFault(at, null, response(303, "", { location: "/wallet/vaults/1" }))).not.toBeNull();
  });
});

describe("leaked data and changes are recognized:", () => {
  const privateData = {
    firstName: "Zephirinette",
    lastName: "Ouattarakin",
    phone: "+22671654321",
    label: "Tresorcache",
    francs: 7_654_321n,
  };
  const pattern = privateDataPattern({ privateData, walletNumber: "1234567890128" } as Person);

  it.each([
    "7654321",
    "7,654,321",
    "7\u202f654\u202f321",
    "7&nbsp;654&nbsp;321",
    "71 65 43 21",
    "1234 5678 9012 8",
    "OUATTARAKIN",
  ])("%s", (text) => expect(pattern.test(`<p>${text}</p>`)).toBe(true));

  it("but not other numbers", () => {
    expect(pattern.test("97654321 and 76543210")).toBe(false);
  });

  it("a table that changed", () => {
    const before = new Map([
      ["quotes", "1:a"],
      ["vaults", "0:"],
    ]);
    expect(
      changedTables(
        before,
        new Map([
          ["quotes", "1:a"],
          ["vaults", "1:b"],
        ]),
      ),
    ).toEqual(["vaults"]);
  });

  it("a 404 that differs for an existing object", () => {
    const one = comparable(response(404, "no vault 910020030041"), ["910020030041"]);
    expect(comparable(response(404, "no vault 900000000001"), ["900000000001"])).toBe(one);
    expect(comparable(response(404, "this vault is not yours"), [])).not.toBe(one);
  });
});

describe("the bypass variants", () => {
  it("are at least 30, each with a name of its own", () => {
    const names = [...BYPASS_VARIANTS, ...CROSS_SITE_VARIANTS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(30);
  });
});
