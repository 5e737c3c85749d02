import { expect, it, vi } from "vitest";
import { requireUserOrRedirect } from "./current-user";

const request = vi.hoisted(() => ({ path: "/" }));

vi.mock("next/headers", () => ({ cookies: async () => ({ get: () => undefined }) }));
vi.mock("@/lib/i18n/current-path", () => ({ currentPath: async () => request.path }));
vi.mock("next/navigation", () => ({
  redirect: (path: string) => {
    throw new Error(path);
  },
}));

it.each([
  ["/wallet/topup?amount=5000&currency=NGN", "/wallet/topup?amount=5000&currency=NGN"],
  ["/wallet/transactions?direction=in&page=2", "/wallet/transactions?direction=in&page=2"],
  ["/wallet/settings/pin?next=%2Fwallet%2Ftransfer", "/wallet/settings/pin?next=%2Fwallet%2Ftransfer"],
  ["/wallet/settings?saved=profile", "/wallet/settings"],
  [`/wallet/topup?amount=${"1".repeat(2_000)}`, "/wallet/topup"],
])("a visit without a session comes back to its page and query after sign-in (%#)", async (path, next) => {
  request.path = path;
  const query = new URLSearchParams({ next }).toString();
  const going = requireUserOrRedirect("en").catch((error: Error) => error.message);
  expect(new URLSearchParams((await going).toString().split("?")[1]).toString()).toBe(query);
});

it.each(["//evil.example/wallet", "/\\evil.example", "/"])("%s is no place to come back to", async (path) => {
  request.path = path;
  await expect(requireUserOrRedirect("fr")).rejects.toThrow(/^\/sign-in$/);
});
