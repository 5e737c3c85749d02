import { setTimeout as wait } from "node:timers/promises";
import type { Deployment } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import { type Account, newAccount } from "./account";
import type { Caller } from "./caller";
import { carryOut } from "./carry-out";
import type { Person } from "./people";

// What the sandbox accepts without ever answering (lib/sandbox/scenarios.ts): whoever asked waits ten seconds.
const SILENT_DEPOSIT_MINOR = 1_010;
const SILENT_WITHDRAWAL_MINOR = 2_007;
const ASKED_AFTER_MS = 20;
const ASKED_WITHIN_MS = 20_000;

/** Somebody for whom a provider that says nothing was asked. */
export interface Silence {
  account: Account;
  /** Resolves when the request itself has its answer. */
  answered: Promise<boolean>;
}

/** Has the app (a deposit) or the worker (a withdrawal) wait for a provider that never answers. */
export async function beginSilence(
  part: "app" | "worker",
  { deployment, caller, people }: { deployment: Deployment; caller: Caller; people: readonly Person[] },
  random: Random,
): Promise<Silence> {
  const { book } = deployment.sandbox;
  const kind = part === "app" ? "deposit" : "withdrawal";
  const amountMinor = part === "app" ? SILENT_DEPOSIT_MINOR : SILENT_WITHDRAWAL_MINOR;
  const entries = () => book.list(part === "app" ? "collection" : "payout");
  const silent = () => entries().filter(({ amount }) => amount === amountMinor).length;
  const account = newAccount();
  const before = silent();
  const intent = { kind, key: random.hex(12), from: random.pick(people), amountMinor } as const;
  const answered = carryOut(caller, intent, account);
  const deadline = performance.now() + ASKED_WITHIN_MS;
  while (silent() === before && performance.now() < deadline) await wait(ASKED_AFTER_MS);
  return { account, answered };
}

/** Waits for its answer and enters what was made among the rest. Its connection must not have been cut. */
export async function endSilence({ account, answered }: Silence, all: Account): Promise<string[]> {
  await answered;
  all.acknowledged.push(...account.acknowledged);
  all.unanswered.push(...account.unanswered);
  const { cut, fresh, reused } = account.lost;
  const violations = [...account.violations];
  if (cut + fresh + reused > 0)
    violations.push("a request that waited for a silent provider was cut by the stop");
  return violations;
}
