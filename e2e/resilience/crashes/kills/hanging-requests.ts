import { setTimeout as wait } from "node:timers/promises";
import type { Deployment } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import type { ApiClient } from "./api-client";
import { type ClientLog, newClientLog } from "./client-log";
import type { Person } from "./people";
import { sendUntilDefinite } from "./send-until-definite";

// Amounts that the sandbox accepts without a response (lib/sandbox/scenarios.ts): the caller times out after ten seconds.
const HANGING_DEPOSIT_MINOR = 1_010;
const HANGING_WITHDRAWAL_MINOR = 2_007;
const ASKED_AFTER_MS = 20;
const ASKED_WITHIN_MS = 20_000;

/** A request that waits for a provider that doesn't respond. */
export interface HangingRequest {
  log: ClientLog;
  /** Resolves when the request has its response. */
  answered: Promise<boolean>;
}

/** Makes the app (by a deposit) or the worker (by a withdrawal) wait for a provider that doesn't respond. */
export async function startHangingRequest(
  name: "app" | "worker",
  { deployment, client, people }: { deployment: Deployment; client: ApiClient; people: readonly Person[] },
  random: Random,
): Promise<HangingRequest> {
  const { book } = deployment.sandbox;
  const kind = name === "app" ? "deposit" : "withdrawal";
  const amountMinor = name === "app" ? HANGING_DEPOSIT_MINOR : HANGING_WITHDRAWAL_MINOR;
  const entries = () => book.list(name === "app" ? "collection" : "payout");
  const silent = () => entries().filter(({ amount }) => amount === amountMinor).length;
  const log = newClientLog();
  const before = silent();
  const intent = { kind, key: random.hex(12), from: random.pick(people), amountMinor } as const;
  const answered = sendUntilDefinite(client, intent, log);
  const deadline = performance.now() + ASKED_WITHIN_MS;
  while (silent() === before && performance.now() < deadline) await wait(ASKED_AFTER_MS);
  return { log, answered };
}

/** Waits for the response and adds it to `all`. A lost connection is a violation. */
export async function finishHangingRequest(
  { log, answered }: HangingRequest,
  all: ClientLog,
): Promise<string[]> {
  await answered;
  all.acknowledged.push(...log.acknowledged);
  all.unanswered.push(...log.unanswered);
  const { cut, fresh, reused } = log.lost;
  const violations = [...log.violations];
  if (cut + fresh + reused > 0)
    violations.push("a request that waited for a hanging provider was cut by the stop");
  return violations;
}
