import { describe, expect, it } from "vitest";
import { API_CALLS } from "@/lib/api/route-table";
import type { Answered } from "./ask";
import type { Build } from "./build";
import { BENDS } from "./bypass-variants";
import type { Caller } from "./callers";
import { type Door, findDoors, type Listed } from "./find-endpoints";
import { FOREIGN } from "./foreign";
import { comparable, findBentFault, findFault, findForeignFault, verdictFor } from "./oracle";
import { marksPattern } from "./people";
import type { Person } from "./person";
import { ACTIONS, PAGES, type Rule } from "./rules";
import { CALLS, FILES, HANDLERS } from "./rules-api";
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

const listed = (overrides: Partial<Listed> = {}): Listed => ({
  build,
  routes: Object.keys(CALLS).map((name) => {
    const [method, path = ""] = name.split(" ");
    return { method: method === "POST" ? "POST" : "GET", path };
  }),
  access: new Map(API_CALLS.map((call): [string, Rule] => [`${call.method} ${call.path}`, call.access])),
  origin: "http://localhost:3000",
  ...overrides,
});

const door = (name: string): Door => {
  const found = findDoors(listed()).doors.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`no door ${name}`);
  return found;
};

const answer = (status: number, body = "", headers: Answered["headers"] = {}): Answered => ({
  status,
  headers,
  body,
});

const NOBODY: Caller = { name: "nobody", headers: {} };
const OTHER: Caller = { name: "other", headers: {}, session: "other", token: "other" };
const INSIDE = '<a href="/wallet/settings">Compte</a>';
const SIGN_IN = { location: "/sign-in?next=%2Fwallet" };

describe("the list of doors", () => {
  it("has every door, and nothing that isn't one", () => {
    expect(findDoors(listed()).problems).toEqual([]);
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
      { routes: [...listed().routes, { method: "GET", path: "/api/wallet/loans" } as const] },
    ],
  ])("an unlisted %s is a violation", (what, overrides) => {
    expect(findDoors(listed(overrides)).problems).toEqual([expect.stringContaining(`unlisted ${what}: `)]);
  });

  it("a rule without a door is a violation", () => {
    const pages = build.pages.filter((page) => page !== "/[locale]/wallet/keys");
    const { problems } = findDoors(listed({ build: { ...build, pages } }));
    expect(problems).toEqual([expect.stringContaining("the build doesn't have: /[locale]/wallet/keys")]);
  });

  it("a call that the product opened to more than our table says is a violation", () => {
    const access = new Map(listed().access).set("GET /api/wallet/balance", "anyone");
    expect(findDoors(listed({ access })).problems).toEqual([
      expect.stringContaining("GET /api/wallet/balance is for"),
    ]);
  });
});

describe("a door that is open to the wrong person is reported:", () => {
  const refused = (name: string, caller: Caller, given: Answered) => {
    const at = door(name);
    return findFault(at, verdictFor(at, caller), given);
  };

  it("a page of the wallet, to nobody", () => {
    expect(refused("page /fr/wallet/settings", NOBODY, answer(307, "", SIGN_IN))).toBeNull();
    expect(refused("page /fr/wallet/settings", NOBODY, answer(200, INSIDE))).not.toBeNull();
    expect(
      refused("page /fr/wallet/settings", NOBODY, answer(307, "", { location: "/wallet" })),
    ).not.toBeNull();
  });

  it("somebody's vault, to somebody else", () => {
    expect(refused("page /fr/wallet/vaults/[vaultId], owner's", OTHER, answer(404))).toBeNull();
    expect(refused("page /fr/wallet/vaults/[vaultId], owner's", OTHER, answer(200, INSIDE))).not.toBeNull();
    expect(refused("page /fr/wallet/vaults/[vaultId], owner's", OTHER, answer(403))).not.toBeNull();
  });

  it("a call, to a key without its permission", () => {
    const key: Caller = { name: "key", headers: {}, key: { who: "owner", permissions: ["read"] } };
    const body = '{"request_id":"1"}';
    expect(refused("POST /api/wallet/transfer", key, answer(403, body))).toBeNull();
    expect(refused("POST /api/wallet/transfer", key, answer(200, body))).not.toBeNull();
    expect(refused("POST /api/keys/create", key, answer(401, body))).toBeNull();
    expect(refused("POST /api/keys/create", key, answer(200, body))).not.toBeNull();
  });

  it("an action, to nobody and to somebody else", () => {
    const name = "action wallet/vaults/actions.ts#putMoney as the script sends it, owner's";
    const state = (code: string) => answer(200, `1:{"ok":false,"code":"${code}"}`);
    expect(refused(name, NOBODY, state("unauthenticated"))).toBeNull();
    expect(refused(name, NOBODY, state("insufficient_funds"))).not.toBeNull();
    expect(refused(name, OTHER, state("not_found"))).toBeNull();
    expect(refused(name, OTHER, state("insufficient_funds"))).not.toBeNull();
    expect(
      refused(name, OTHER, answer(303, "", { "x-action-redirect": "/wallet/vaults/1;push" })),
    ).not.toBeNull();
  });

  it("an address that must not be there", () => {
    expect(refused("GET /.env", NOBODY, answer(404))).toBeNull();
    expect(refused("GET /.env", NOBODY, answer(200, "SECRET=1"))).not.toBeNull();
  });

  it("anything, by a bent request", () => {
    const asked = { method: "GET", target: "/", headers: {} };
    const bent = (name: string, given: Answered) =>
      findBentFault(door(name), { asked, caller: NOBODY }, given);
    expect(bent("page /fr/wallet/settings", answer(200, "a public page"))).toBeNull();
    const otherLanguage = answer(200, '{"href":"/en/wallet/settings","hrefLang":"en"}');
    expect(bent("page /fr/wallet/settings", otherLanguage)).toBeNull();
    expect(bent("page /fr/wallet/settings", answer(200, INSIDE))).not.toBeNull();
    expect(
      bent("page /fr/wallet/settings", answer(200, '{"href":"/wallet/settings","className":""}')),
    ).not.toBeNull();
    expect(bent("GET /api/wallet/balance", answer(401))).toBeNull();
    expect(bent("GET /api/wallet/balance", answer(200, "{}"))).not.toBeNull();
    expect(
      bent("action wallet/vaults/actions.ts#openVault", answer(303, "", { location: "/wallet" })),
    ).not.toBeNull();
  });

  it("an action that somebody else's page sends", () => {
    const at = door("action wallet/vaults/actions.ts#openVault");
    expect(findForeignFault(at, null, answer(403))).toBeNull();
    expect(findForeignFault(at, null, answer(303, "", { location: "/wallet/vaults/1" }))).not.toBeNull();
  });
});

describe("what a wrong answer gives away is seen:", () => {
  const marks = {
    firstName: "Zephirinette",
    lastName: "Ouattarakin",
    phone: "+22671654321",
    word: "Tresorcache",
    francs: 7_654_321n,
  };
  const pattern = marksPattern({ marks, walletNumber: "1234567890128" } as Person);

  it.each([
    "7654321",
    "7,654,321",
    "7\u202f654\u202f321",
    "7&nbsp;654&nbsp;321",
    "71 65 43 21",
    "1234 5678 9012 8",
    "OUATTARAKIN",
  ])("%s", (text) => expect(pattern.test(`<p>${text}</p>`)).toBe(true));

  it("and other numbers are not taken for it", () => {
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

  it("a 404 that differs from another", () => {
    const one = comparable(answer(404, "no vault 910020030041"), ["910020030041"]);
    expect(comparable(answer(404, "no vault 900000000001"), ["900000000001"])).toBe(one);
    expect(comparable(answer(404, "this vault is not yours"), [])).not.toBe(one);
  });
});

describe("bypasses", () => {
  it("are many, each with a name of its own", () => {
    const names = [...BENDS, ...FOREIGN].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(30);
  });
});
