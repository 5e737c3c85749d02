import { afterEach, expect, it, vi } from "vitest";

afterEach(() => vi.resetModules());

/** Two copies of a module, as the server in front of Next and Next's bundles have them. */
async function copiesOf<T>(load: () => Promise<T>): Promise<[T, T]> {
  const one = await load();
  vi.resetModules();
  return [one, await load()];
}

it("two copies of a module share one value", async () => {
  const [one, other] = await copiesOf(() => import("./process-wide"));
  expect(one.processWide).not.toBe(other.processWide);
  const value = one.processWide("test", () => ({}));
  expect(other.processWide("test", () => ({}))).toBe(value);
});
