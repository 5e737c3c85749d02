import { expect, it, vi } from "vitest";
import { config } from "@/lib/config";

it("the API of two bundles in one process counts once", async () => {
  const one = await import("./process-limits");
  vi.resetModules();
  const other = await import("./process-limits");
  expect(other.processLimits).not.toBe(one.processLimits);
  const networks = ["192.0.2.1"];
  for (let count = 0; count < config().api.limits.refused; count += 1) {
    await one.processLimits().takeNetwork("refused", networks);
  }
  await expect(other.processLimits().lookAtNetwork("refused", networks)).rejects.toMatchObject({
    code: "rate_limited",
  });
});
