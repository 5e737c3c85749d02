import { DomainError } from "@/lib/errors";
import { getPayoutStatus } from "@/lib/services/payout-switches/get-payout-status";
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import type { PayoutSwitchView } from "@/lib/services/payout-switches/view";
import { type Deployment, decisionOf, RefusedError } from "./deployment";
import { counted, formatTable, plainMinute, plainMoney } from "./format";

interface Switching {
  provider: string | null;
  note: string | null;
  by: string | null;
}

const STILL_STOPPING =
  "Payouts are stopped. Whether the calls under way have ended isn't known: run payouts stop again.";

/** Stops payouts to one provider or all; answers when no payout is being submitted any more. */
export async function reportStop({ context, print }: Deployment, switching: Switching): Promise<number> {
  const { isNew, abandoned } = await stopPayouts(context, {
    provider: switching.provider,
    ...decisionOf(switching),
  }).catch((error: unknown) => {
    const isUncertain = error instanceof DomainError && error.code === "outcome_unknown";
    throw isUncertain ? new RefusedError(STILL_STOPPING) : error;
  });
  print(
    isNew
      ? `Stopped: payouts to ${nameOf(switching)}.`
      : `Payouts to ${nameOf(switching)} were stopped before.`,
  );
  print("No payout is being submitted. Withdrawals wait with their money reserved.");
  if (abandoned > 0) print(`${abandoned} had been begun by a worker that died: their providers are queried.`);
  return 0;
}

/** Lifts one switch, and says which others still stop payouts. */
export async function reportResume({ context, print }: Deployment, switching: Switching): Promise<number> {
  const { isNew, stillStopped } = await resumePayouts(context, {
    provider: switching.provider,
    ...decisionOf(switching),
  });
  print(
    isNew ? `Resumed: payouts to ${nameOf(switching)}.` : `Payouts to ${nameOf(switching)} were not stopped.`,
  );
  for (const other of stillStopped) print(`Still stopped: ${nameOf(other)}, ${because(other)}`);
  return 0;
}

/** Every switch, what waits for them, and who toggled them. */
export async function reportPayouts({ context, print }: Deployment): Promise<number> {
  const { switches, waiting, history } = await getPayoutStatus(context);
  for (const { provider, isStopped, last } of switches) {
    const why = isStopped && last ? `, ${because(last)}` : "";
    print(`${nameOf({ provider })}: ${isStopped ? "stopped" : "running"}${why}`);
  }
  for (const { provider, count, total } of waiting) {
    print(`Waiting for ${provider}: ${counted(count, "withdrawal")}, ${plainMoney(total)}`);
  }
  if (history.length === 0) return 0;
  print("");
  const rows = history.map((row) => [
    plainMinute(row.at),
    row.stopped ? "stop" : "resume",
    nameOf(row),
    row.operator,
    row.note,
  ]);
  for (const line of formatTable(["when", "what", "provider", "who", "why"], rows)) print(line);
  return 0;
}

function nameOf({ provider }: { provider: string | null }): string {
  return provider ?? "all providers";
}

function because({ at, operator, note }: PayoutSwitchView): string {
  return `since ${plainMinute(at)} by ${operator}: ${note}`;
}
