import { expect, it } from "vitest";
import { PROVIDER_CALL_TIMEOUT_MS } from "@/lib/providers/provider";
import { LINGER_MS } from "./graceful-stop";
import { FINISH_WITHIN_MS, GONE_WITHIN_MS } from "./stop-limits";

// Found by reading for npm run resilience -- --only restarts: nine seconds cut off whoever waited for a silent provider.
it("a stop leaves time for the slowest call of a provider, and the launcher for the stop", () => {
  expect(FINISH_WITHIN_MS).toBeGreaterThan(PROVIDER_CALL_TIMEOUT_MS + LINGER_MS + 2_000);
  expect(GONE_WITHIN_MS).toBeGreaterThan(FINISH_WITHIN_MS + 2_000);
});
