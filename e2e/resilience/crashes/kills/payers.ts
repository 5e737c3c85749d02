import { setTimeout as wait } from "node:timers/promises";
import type { Sandbox } from "@/lib/sandbox/server";
import { payerAction } from "./intent";

const LOOK_EVERY_MS = 100;
const DEMO_PIN = "0000";

/** The payers of all collections at the provider, also of those whose client never got a response: most pay, some cancel. */
export function startPayers(sandbox: Sandbox): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const seen = new Set<string>();
  const payAll = async (): Promise<void> => {
    for (const { id, amount } of sandbox.book.list("collection")) {
      if (seen.has(id)) continue;
      seen.add(id);
      const action = payerAction(amount);
      if (action === "leave") continue;
      const answer = await fetch(`${sandbox.url}/pay/${id}`, {
        method: "POST",
        body: new URLSearchParams({ pin: DEMO_PIN, action }),
        redirect: "manual",
      });
      await answer.body?.cancel();
    }
  };
  const paying = (async () => {
    while (!stopping.signal.aborted) {
      await payAll();
      await wait(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
    await payAll();
  })();
  return {
    async stop() {
      stopping.abort();
      await paying;
    },
  };
}
