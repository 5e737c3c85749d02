import { beforeEach, expect, it, vi } from "vitest";
import { draftCookie, draftCookieName, ownerTag } from "@/lib/http/form-draft";
import { withResponse } from "@/lib/http/response-status";
import { currentFormMemory } from "./form-memory";

const browser = vi.hoisted(() => ({ draft: "", path: "/" }));

vi.mock("next/headers", () => ({
  cookies: async () => ({ get: (name: string) => ({ name, value: browser.draft }) }),
}));
vi.mock("next-intl/server", () => ({ getTranslations: async () => (key: string) => key }));
vi.mock("@/lib/auth/current-user", () => ({ currentUser: async () => null }));
vi.mock("@/lib/i18n/current-path", () => ({ currentPath: async () => browser.path }));

beforeEach(() => {
  const values = { amount: "5 000" };
  const draft = draftCookie({
    form: "start-topup",
    path: "/wallet/topup?currency=NGN",
    owner: ownerTag(7n),
    reason: "session",
    values,
  });
  browser.draft = /=([^;]*)/.exec(draft ?? "")?.[1] ?? "";
});

/** The cookies that the answer to a form sets once it was run on the page at `path`. */
async function cookiesAfter(form: string, path: string): Promise<string[]> {
  browser.path = path;
  const sent: string[] = [];
  const answer = { statusCode: 200, addHeader: (_name: string, value: string) => void sent.push(value) };
  await withResponse(answer, async () => (await currentFormMemory()).forget(form));
  return sent;
}

it("what was typed is forgotten once its own form was run on its own page", async () => {
  const [cookie, ...others] = await cookiesAfter("start-topup", "/wallet/topup?currency=NGN&saved=profile");
  expect(cookie).toContain(`${draftCookieName()}=; Path=/; Max-Age=0`);
  expect(others).toEqual([]);
});

it.each([
  ["sign-in", "/sign-in?next=%2Fwallet%2Ftopup%3Fcurrency%3DNGN"],
  ["sign-up", "/sign-up"],
  ["sign-in-with-google", "/sign-in"],
  ["toggle-balance", "/wallet"],
  ["save-theme", "/wallet/topup?currency=NGN"],
  ["start-topup", "/wallet/topup"],
  ["start-topup", "/wallet/topup?currency=XOF"],
])("it stays when %s was run at %s", async (form, path) => {
  expect(await cookiesAfter(form, path)).toEqual([]);
});

it("a cookie that can't be read is left alone", async () => {
  browser.draft = "x";
  expect(await cookiesAfter("start-topup", "/wallet/topup?currency=NGN")).toEqual([]);
});
