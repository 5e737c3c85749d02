import { beforeEach, expect, it, vi } from "vitest";
import { withResponse } from "@/lib/http/response-status";
import { keepOldCopy, oldCopies } from "./old-copies";

const browser = vi.hoisted(() => ({
  session: "" as string | null,
  isDatabaseAway: false,
  isBalanceHidden: false,
  headers: new Headers(),
}));

vi.mock("react", async (actual) => {
  const store = { isKept: false };
  return { ...(await actual<object>()), cache: () => () => store };
});
vi.mock("next/headers", () => ({
  headers: async () => browser.headers,
  cookies: async () => ({ has: () => browser.isBalanceHidden }),
}));
vi.mock("./session", () => ({
  currentUser: async () => {
    if (browser.isDatabaseAway) throw new Error("away");
    return browser.session === null ? null : { sessionId: browser.session };
  },
}));

beforeEach(() => {
  Object.assign(browser, {
    session: "s-1",
    isDatabaseAway: false,
    isBalanceHidden: false,
    headers: new Headers(),
  });
});

/** What a page says of copies, with the header that it sends. */
async function ask() {
  const sent: string[] = [];
  const answer = {
    statusCode: 200,
    addHeader: (name: string, value: string) => void sent.push(`${name}: ${value}`),
  };
  return { copies: await withResponse(answer, oldCopies), sent };
}

it("each session has a marker of its own, which tells nothing about it", async () => {
  const first = await ask();
  const marker = first.copies?.marker ?? "";
  expect(marker).toMatch(/^[\w-]{22}$/);
  expect(first.sent).toEqual([`offline-copies: ${marker}`]);
  expect((await ask()).copies?.marker).toBe(marker);
  browser.session = "s-2";
  expect((await ask()).copies?.marker).not.toBe(marker);
});

it("hiding the balance changes the marker, so that what was kept before is deleted", async () => {
  const shown = (await ask()).copies?.marker;
  browser.isBalanceHidden = true;
  expect((await ask()).copies?.marker).not.toBe(shown);
});

it("only a page that says so may be kept, and of nobody who is signed out or saves data", async () => {
  expect((await ask()).copies?.isKept).toBe(false);
  keepOldCopy();
  expect((await ask()).copies?.isKept).toBe(true);
  browser.headers = new Headers({ "save-data": "on" });
  expect((await ask()).copies).toEqual({ marker: "none", isKept: false });
  browser.headers = new Headers();
  browser.session = null;
  const signedOut = await ask();
  expect(signedOut.copies).toEqual({ marker: "none", isKept: false });
  expect(signedOut.sent).toEqual(["offline-copies: none"]);
});

it("nothing is deleted because the database is away", async () => {
  browser.isDatabaseAway = true;
  expect(await ask()).toEqual({ copies: null, sent: [] });
});
