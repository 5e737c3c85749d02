import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import type { Random } from "../random";
import type { MoneyDatabase } from "./money-database";
import { PAYER_NAMES } from "./payout-script";
import type { PayoutsBook } from "./payouts-book";

/** The switch that keeps payouts from one provider or from all, and what was called against it. */
export interface PayoutSwitch {
  /** Answers when the deployment says that nothing is handed over any more: from then on each call is a violation. */
  stop(): Promise<void>;
  resume(): Promise<void>;
  stops(): number;
  readonly violations: string[];
}

export function createSwitch(deployment: MoneyDatabase, book: PayoutsBook, random: Random): PayoutSwitch {
  const only = random.chance(0.5) ? random.pick(PAYER_NAMES) : null;
  const order = { provider: only && book.nameOf(only), operator: "proof", note: "a drill" };
  const violations: string[] = [];
  let stops = 0;
  return {
    violations,
    stops: () => stops,
    async stop() {
      await stopPayouts(deployment.context(), order);
      book.forbid(only === null ? PAYER_NAMES : [only]);
      stops += 1;
    },
    async resume() {
      book.forbid([]);
      if (book.counts.forbidden > 0)
        violations.push(`${book.counts.forbidden} calls were begun while payouts were stopped`);
      await resumePayouts(deployment.context(), order);
    },
  };
}
