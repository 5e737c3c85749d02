import { describe, expect, it, test } from "vitest";
import { API_CALLS } from "@/lib/api/route-table";
import type { Build } from "../read-build";
import type { HttpResponse } from "../requests/http";
import { CALLS, FILES, HANDLERS } from "./api-rules";
import type { Caller } from "./callers";
import { comparable } from "./comparable";
import { type Discovered, type Endpoint, findEndpoints, findMissingRules } from "./endpoints";
import { findBypassFault, findCrossSiteFault, findFault } from "./oracle";
import { ACTIONS, PAGES } from "./page-rules";
import { privateDataPattern } from "./people";
import { NOBODY, resolveValues } from "./rule";

const build: Build = {
  id: "b",
  pages: Object.keys(PAGES),
  handlers: Object.keys(HANDLERS),
  prerendered: [],
  actions: Object.keys(ACTIONS).map((name) => ({ id: "60", name, pages: ["/[locale]/wallet"] })),
  files: Object.keys(FILES).map((name) => name.replace("GET ", "")),
  chunks: [],
};

const calls = Object.keys(CALLS);
const access: Discovered["access"] = new Map(
  API_CALLS.map((call) => [`${call.method} ${call.path}`, call.access]),
);
const discovered: Discovered = { build, calls, access, origin: "http://localhost:3000" };

const endpointOf = (name: string): Endpoint => {
  const found = findEndpoints(discovered).find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`there is no endpoint ${name}`);
  return found;
};

const response = (status: number, body = "", headers: HttpResponse["headers"] = {}): HttpResponse => ({
  status,
  headers,
  head: "",
  body,
});

const LEND = { id: "60", name: "wallet/actions.ts#lend", pages: [] };

describe("the table of rules", () => {
  it("has a row for everything that the build answers, and no other", () => {
    expect(findMissingRules(discovered)).toEqual([]);
  });

  it.each<[string, string, Partial<Build> & Partial<Discovered>]>([
    ["page", "PAGES", { pages: [...build.pages, "/[locale]/wallet/loans"] }],
    ["server action", "ACTIONS", { actions: [...build.actions, LEND] }],
    ["call of the API", "CALLS", { calls: [...calls, "GET /api/wallet/loans"] }],
    ["route handler", "HANDLERS", { handlers: [...build.handlers, "/internal/report"] }],
    ["file", "FILES", { files: [...build.files, "/backup.sql"] }],
  ])("must get a row for a new %s", (what, table, added) => {
    expect(findMissingRules({ ...discovered, ...added, build: { ...build, ...added } })).toEqual([
      expect.stringMatching(`^unlisted ${what}: .* is in the build; add a row to ${table} in access/`),
    ]);
  });

  it("must lose the row of what is gone, and must not contradict the product's own table", () => {
    const pages = build.pages.filter((page) => page !== "/[locale]/wallet/keys");
    const gone = "the build has no page /[locale]/wallet/keys: delete its row";
    expect(findMissingRules({ ...discovered, build: { ...build, pages } })).toEqual([
      expect.stringContaining(gone),
    ]);
    const opened = new Map(access).set("GET /api/wallet/balance", "anyone");
    expect(findMissingRules({ ...discovered, access: opened })).toEqual([
      expect.stringContaining("GET /api/wallet/balance is for"),
    ]);
  });
});

const CALLERS = {
  anonymous: { name: "anonymous", headers: {} },
  other: { name: "other", headers: {}, session: "other", token: "other" },
  reader: { name: "key", headers: {}, key: { role: "owner", permissions: ["read"] } },
} as const satisfies Record<string, Caller>;

const WALLET = '<a href="/wallet/settings">Compte</a>';
const SETTINGS = "page /fr/wallet/settings";
const VAULT = "page /fr/wallet/vaults/[vaultId], owner's object";
const PUT = "action wallet/vaults/actions.ts#putMoney as the script sends it, owner's object";
const OPEN = "action wallet/vaults/actions.ts#openVault";
const json = '{"request_id":"1"}';
const state = (code: string) => response(200, `1:{"ok":false,"code":"${code}"}`);
const redirect = (location: string) => response(307, "", { location });

describe("an endpoint that is open to the wrong caller is reported", () => {
  it.each<[endpoint: string, caller: keyof typeof CALLERS, right: HttpResponse, wrong: HttpResponse[]]>([
    [
      SETTINGS,
      "anonymous",
      redirect("/sign-in?next=%2Fwallet"),
      [response(200, WALLET), redirect("/wallet")],
    ],
    [VAULT, "other", response(404), [response(200, WALLET), response(403)]],
    ["page /fr/help", "anonymous", response(200), [response(200, WALLET), response(404)]],
    ["POST /api/wallet/transfer", "reader", response(403, json), [response(200, json)]],
    ["POST /api/keys/create", "reader", response(401, json), [response(200, json)]],
    [PUT, "anonymous", state("unauthenticated"), [state("insufficient_funds")]],
    [
      PUT,
      "other",
      state("not_found"),
      [state("insufficient_funds"), response(303, "", { "x-action-redirect": "/wallet/vaults/1;push" })],
    ],
    ["GET /.env", "anonymous", response(404), [response(200, "SECRET=1")]],
  ])("%s, %s", (name, caller, right, wrong) => {
    const endpoint = endpointOf(name);
    const faultOf = (received: HttpResponse) => findFault(endpoint, CALLERS[caller], received);
    expect(faultOf(right)).toBeNull();
    for (const each of wrong) expect(faultOf(each)).not.toBeNull();
  });

  it.each<[endpoint: string, right: HttpResponse[], wrong: HttpResponse[]]>([
    [
      SETTINGS,
      [response(200, "a public page"), response(200, '{"href":"/en/wallet/settings","hrefLang":"en"}')],
      [response(200, WALLET), response(200, '{"href":"/wallet/settings","className":""}')],
    ],
    ["GET /api/wallet/balance", [response(401)], [response(200, "{}")]],
    [OPEN, [state("unauthenticated")], [response(303, "", { location: "/wallet" })]],
  ])("%s, by a bypass variant", (name, right, wrong) => {
    const request = { method: "GET", target: "/", headers: {} };
    const faultOf = (received: HttpResponse) =>
      findBypassFault(endpointOf(name), { request, caller: CALLERS.anonymous }, received);
    for (const each of right) expect(faultOf(each)).toBeNull();
    for (const each of wrong) expect(faultOf(each)).not.toBeNull();
  });

  it("a server action, to a page of another site", () => {
    const faultOf = (received: HttpResponse) => findCrossSiteFault(endpointOf(OPEN), null, received);
    expect(faultOf(response(403))).toBeNull();
    expect(faultOf(response(303, "", { location: "/wallet/vaults/1" }))).not.toBeNull();
  });
});

test("private data is recognized however it is written, and no other number is taken for it", () => {
  const [firstName, lastName, phone] = ["Zephirinette", "Ouattarakin", "+22671654321"];
  const privateData = { firstName, lastName, phone, label: "Tresorcache", francs: 7_654_321n };
  const pattern = privateDataPattern({ privateData, user: { walletNumber: "1234567890128" } });
  const amounts = ["7654321", "7,654,321", "7\u202f654\u202f321", "7&nbsp;654&nbsp;321"];
  for (const text of [...amounts, "71 65 43 21", "1234 5678 9012 8", "OUATTARAKIN"])
    expect(pattern.test(`<p>${text}</p>`), text).toBe(true);
  expect(pattern.test("97654321 and 76543210")).toBe(false);
});

test("a request's values are the caller's own, so that changing them leaves the rules as they are", async () => {
  const values = async () => await resolveValues({ permissions: ["read"] }, NOBODY);
  Object.assign((await values()).permissions as object, { 0: "x" });
  expect(await values()).toEqual({ permissions: ["read"] });
});

test("a 404 that differs for an existing object is recognized", () => {
  const missing = comparable(response(404, "no vault 900000000001"), ["900000000001"]);
  expect(comparable(response(404, "no vault 910020030041"), ["910020030041"])).toBe(missing);
  expect(comparable(response(404, "this vault is not yours"), [])).not.toBe(missing);
});

describe("the parts of a page that got ready in another order", () => {
  const piece = (text: string) =>
    `<script nonce="n">self.__next_f.push([1,${JSON.stringify(text)}])</script>`;
  const page = (...rows: string[]) => response(200, `<main>a</main>${piece(rows.join(""))}<p>b</p>`);
  const root = '0:["$","main",null,{"children":["$L20","$1f","$L21","$20:props:title"]}]\n';
  const nav = '20:["$","nav",null,{"title":["h"]}]\n';
  const text = "1f:Tc,après\n21:xy";
  const bell = '21:["$","a",null,{}]\n';
  const inOneOrder = comparable(page(root, nav, text, bell), []);

  it("are no difference, however they are numbered and cut", () => {
    expect(comparable(page(bell, nav, text, root), [])).toBe(inOneOrder);
    const cut = `<main>a</main>${piece(root + nav.slice(0, 5))}<p>b</p>${piece(nav.slice(5) + text + bell)}`;
    expect(comparable(response(200, cut), [])).toBe(inOneOrder);
    const numbered = [root.replace("$L20", "$L2a").replace("$20", "$2a"), nav.replace("20:", "2a:")] as const;
    expect(comparable(page(...numbered, text, bell), [])).toBe(inOneOrder);
    const inPlace = root.replace('"$L21"', '["$","a",null,{}]');
    expect(comparable(page(inPlace, nav, text), [])).toBe(inOneOrder);
  });

  it.each([
    ["a row", page(root, nav, text, bell.replace('"a"', '"b"'))],
    ["a text", page(root, nav, text.replace("après", "avant2"), bell)],
    ["a missing row", page(root, nav, text)],
    ["an additional row", page(root, nav, text, bell, '22:"x"\n')],
    ["places of rows", page(root.replace('"$L20","$1f"', '"$1f","$L20"'), nav, text, bell)],
    ["a part of a row", page(root, nav.replace('"h"', '"i"'), text, bell)],
    ["a hint", page(root, nav, text, bell, ':HL["/x.css","style"]\n')],
    ["other HTML", response(200, `<main>c</main>${piece(root + nav + text + bell)}<p>b</p>`)],
  ])("are still told apart by %s", (_what, other) => {
    expect(comparable(other, [])).not.toBe(inOneOrder);
  });

  it("are no difference in an answer to the script either", () => {
    const stream = (...rows: string[]) =>
      response(200, rows.join(""), { "content-type": "text/x-component" });
    expect(comparable(stream(bell, nav), [])).toBe(comparable(stream(nav, bell), []));
    expect(comparable(stream(nav), [])).not.toBe(comparable(stream(nav, bell), []));
  });
});
