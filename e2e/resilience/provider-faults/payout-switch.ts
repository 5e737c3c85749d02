import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import type { Random } from "../random";
import type { MoneyDatabase } from "./money-database";
import { PAYOUT_PROVIDER_NAMES } from "./payout-script";
import type { PayoutsBook } from "./payouts-book";

/** Stops payouts of one provider or of all, and counts calls made nevertheless. */
export interface PayoutSwitch {
  /** Resolves when the verb says that payouts are stopped: from then on each call is a violation. */
  stop(): Promise<void>;
  resume(): Promise<void>;
  stops(): number;
  readonly violations: string[];
}

export function createSwitch(database: MoneyDatabase, book: PayoutsBook, random: Random): PayoutSwitch {
  const only = random.chance(0.5) ? random.pick(PAYOUT_PROVIDER_NAMES) : null;
  const order = {
    provider: only && book.nameOf(only),
    operator: "resilience",
    note: "payouts stopped by the suite",
  };
  const violations: string[] = [];
  let stops = 0;
  return {
    violations,
    stops: () => stops,
    async stop() {
      await stopPayouts(database.context(), order);
      book.forbid(only === null ? PAYOUT_PROVIDER_NAMES : [only]);
      stops += 1;
    },
    async resume() {
      book.forbid([]);
      if (book.counts.forbidden > 0)
        violations.push(`${book.counts.forbidden} calls were made while payouts were stopped`);
      await resumePayouts(database.context(), order);
    },
  };
}
