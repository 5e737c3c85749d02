import { expect, it, vi } from "vitest";
import { money } from "@/lib/money/money";

it.each([
  [0n, 0n],
  [1n, 1n],
  [100n, 2n],
  [133n, 2n],
  [134n, 3n],
  [10_000n, 150n],
  [1_000_000_000_000_000n, 15_000_000_000_000n],
])("at one and a half per cent %i costs %i: whole units, rounded up", async (amount, fee) => {
  vi.stubEnv("WITHDRAWAL_FEE_BASIS_POINTS", "150");
  const { withdrawalFee } = await import("./policy");
  expect(withdrawalFee(money(amount, "XOF"))).toEqual(money(fee, "XOF"));
  vi.unstubAllEnvs();
});
