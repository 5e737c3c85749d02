import fs from "node:fs";
import vm from "node:vm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

// public/sw.js itself, with a network and caches that the test sets.

const SOURCE = fs.readFileSync("public/sw.js", "utf8");
const BYTES_MAX = 3_000;
const DAY_MS = 86_400_000;

const network = { answer: async (_address: string): Promise<Response> => new Response("online") };
const stored = new Map<string, Map<string, Response>>();
let listeners: Map<string, (event: unknown) => void>;

const addressOf = (request: string | { url: string }) =>
  typeof request === "string" ? request : new URL(request.url).pathname;

function cacheNamed(name: string) {
  const entries = stored.get(name) ?? new Map<string, Response>();
  stored.set(name, entries);
  return {
    addAll: async (all: string[]) => {
      for (const address of all) entries.set(address, await network.answer(address));
    },
  };
}

const caches = {
  open: async (name: string) => cacheNamed(name),
  keys: async () => [...stored.keys()],
  delete: async (name: string) => stored.delete(name),
  match: async (request: string | { url: string }) =>
    [...stored.values()].map((each) => each.get(addressOf(request))?.clone()).find(Boolean),
};

beforeEach(() => {
  listeners = new Map();
  stored.clear();
  network.answer = async () => new Response("online");
  const self = {
    skipWaiting: vi.fn(),
    registration: { navigationPreload: { enable: vi.fn(async () => {}) } },
    addEventListener: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
  };
  const fetch = (request: { url: string }) => network.answer(addressOf(request));
  // `setTimeout` is looked up late, so that a test's own clock counts.
  const context = {
    self,
    caches,
    fetch,
    Response,
    URL,
    Date,
    setTimeout: (...all: Parameters<typeof setTimeout>) => setTimeout(...all),
  };
  vm.runInNewContext(SOURCE, context);
});

afterEach(() => {
  vi.useRealTimers();
});

/** Sends the worker a request; its answer, or `untouched` when it leaves the request to the browser. */
async function request(address: string, more: object = {}): Promise<Response | "untouched"> {
  let answer: Promise<Response> | undefined;
  const waited: Promise<unknown>[] = [];
  listeners.get("fetch")?.({
    request: { url: `https://cauris.test${address}`, method: "GET", mode: "navigate", ...more },
    preloadResponse: Promise.resolve(undefined),
    respondWith: (given: Promise<Response>) => {
      answer = given;
    },
    waitUntil: (work: Promise<unknown>) => void waited.push(work),
  });
  const given = answer === undefined ? "untouched" : await answer;
  await Promise.all(waited);
  return given;
}

async function textOf(address: string): Promise<string> {
  const answer = await request(address);
  return answer === "untouched" ? answer : await answer.text();
}

async function install(): Promise<void> {
  network.answer = async (address) => new Response(`page ${address}`);
  await new Promise<void>((resolve, reject) => {
    listeners.get("install")?.({ waitUntil: (work: Promise<unknown>) => work.then(() => resolve(), reject) });
  });
}

function keep(marker: string, address: string, seenAt = Date.now()): void {
  const headers = { date: new Date(seenAt).toUTCString() };
  cacheNamed(`copies-${marker}`);
  stored.get(`copies-${marker}`)?.set(address, new Response(`copy of ${address}`, { headers }));
}

const noNetwork = async (): Promise<Response> => {
  throw new TypeError("Failed to fetch");
};

const pageOf = (marker: string) => async () =>
  new Response("online", { headers: { "offline-copies": marker } });

it("is small", () => {
  expect(Buffer.byteLength(SOURCE)).toBeLessThanOrEqual(BYTES_MAX);
});

describe("while there is a network", () => {
  it("the network answers, though a copy is there", async () => {
    keep("a", "/wallet");
    expect(await textOf("/wallet")).toBe("online");
  });

  it.each([
    ["a form", { method: "POST" }],
    ["a form that its script sends", { method: "POST", mode: "cors" }],
    ["what a page's script fetches", { mode: "cors", destination: "" }],
    ["a stream", { mode: "cors", destination: "", headers: { accept: "text/event-stream" } }],
  ])("%s is never touched", async (_what, more) => {
    expect(await request("/wallet", more)).toBe("untouched");
  });

  it("a slow network is waited for, fifteen seconds where there is a copy", async () => {
    vi.useFakeTimers();
    keep("a", "/wallet");
    const late = () => new Promise<Response>((resolve) => setTimeout(resolve, 20_000, new Response("late")));
    network.answer = late;
    const [withCopy, without] = [textOf("/wallet"), textOf("/wallet/topup")];
    const seen: string[] = [];
    void withCopy.then((text) => seen.push(text));
    await vi.advanceTimersByTimeAsync(14_900);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_200);
    expect([await withCopy, await without]).toEqual(["copy of /wallet", "late"]);
  });

  it.each([
    ["the same session", "a", ["copies-a"]],
    ["another session", "b", []],
    ["nobody", "none", []],
  ])("a page of %s decides which copies stay", async (_who, marker, left) => {
    keep("a", "/wallet");
    network.answer = pageOf(marker);
    await request("/wallet/settings");
    expect([...stored.keys()]).toEqual(left);
  });

  it("a page that names no session leaves the copies", async () => {
    keep("a", "/wallet");
    await request("/help");
    expect([...stored.keys()]).toEqual(["copies-a"]);
  });
});

describe("without a network", () => {
  beforeEach(async () => {
    await install();
    network.answer = noNetwork;
  });

  it.each(["/wallet", "/wallet/", "/en/wallet/transactions/TXN-1"])(
    "%s is the copy that was kept",
    async (path) => {
      keep("a", path.replace(/\/$/, ""));
      expect(await textOf(path)).toBe(`copy of ${path.replace(/\/$/, "")}`);
    },
  );

  it.each([
    ["/wallet/topup", "/offline"],
    ["/wallet?page=2", "/offline"],
    ["/english", "/offline"],
    ["/en", "/en/offline"],
    ["/en/wallet/transactions?type=deposit", "/en/offline"],
  ])("%s, which was not kept, is our own page in its language", async (path, page) => {
    keep("a", "/wallet");
    expect(await textOf(path)).toBe(`page ${page}`);
  });

  it("a copy is answered for thirty days", async () => {
    keep("a", "/wallet", Date.now() - 29 * DAY_MS);
    expect(await textOf("/wallet")).toBe("copy of /wallet");
    keep("a", "/wallet", Date.now() - 31 * DAY_MS);
    expect(await textOf("/wallet")).toBe("page /offline");
  });

  it("a copy finds its style sheet", async () => {
    keep("a", "/_next/static/a.css");
    const style = { mode: "no-cors", destination: "style" };
    const answer = await request("/_next/static/a.css", style);
    expect(answer === "untouched" ? answer : await answer.text()).toBe("copy of /_next/static/a.css");
  });
});
