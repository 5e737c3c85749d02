import { setTimeout as wait } from "node:timers/promises";
import { type ProcessedDeposit, processDeposit } from "@/lib/services/deposits/check-deposit";
import { type Deployment, RefusedError } from "./deployment";
import { plainMoney } from "./format";
import { payInSandbox } from "./pay-in-sandbox";

const ASK_EVERY_MS = 250;
// A webhook of the sandbox and the worker behind it take a second; some of its scenarios are slow on purpose.
const SETTLED_WITHIN_MS = 15_000;

/** Says `Credited: 5000.00 NGN`, or why not. Answers 0 when the deposit is credited. */
export async function reportDeposit(
  deployment: Deployment,
  { reference, force }: { reference: string; force: boolean },
): Promise<number> {
  if (force && deployment.sandboxOrigin === null) {
    throw new RefusedError("--force pays at the sandbox, and this isn't a demo.");
  }
  const before = await processDeposit(deployment.context, reference);
  const isWaiting = before.state === "pending" || before.state === "expired";
  if (!force || deployment.sandboxOrigin === null || !isWaiting) return say(deployment, before);
  await payInSandbox(before.paymentUrl, deployment.sandboxOrigin);
  const after = await untilSettled(deployment, reference, before.state);
  // The webhook may have been processed meanwhile.
  return say(deployment, after.state === "succeeded" ? { ...after, note: "credited" } : after);
}

async function untilSettled(
  deployment: Deployment,
  reference: string,
  from: string,
): Promise<ProcessedDeposit> {
  const until = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const deposit = await processDeposit(deployment.context, reference);
    if (deposit.state !== from || performance.now() > until) return deposit;
    await wait(ASK_EVERY_MS);
  }
}

function say({ print }: Deployment, deposit: ProcessedDeposit): number {
  const amount = plainMoney(deposit.amount);
  if (deposit.state === "succeeded") {
    print(deposit.note === "credited" ? `Credited: ${amount}` : `Already credited: ${amount}`);
    return 0;
  }
  print(`Not credited: ${amount}. ${whyNot(deposit)}`);
  return 1;
}

function whyNot({ state, note, provider }: ProcessedDeposit): string {
  switch (state) {
    case "failed":
      return "The payment failed.";
    case "review":
      return `What was paid isn't what was requested${note === null ? "" : ` (${note})`}: it is under review.`;
    default:
      break;
  }
  if (note === null) return `${provider} has no query for deposits: its webhook credits them.`;
  const status = note.startsWith("status_") ? note.slice("status_".length).replaceAll("_", " ") : note;
  return `${provider} says: ${status}.`;
}
