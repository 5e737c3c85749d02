import type { ApiRequest } from "./call";
import { type Environment, personAt } from "./environment";
import type { Outcome } from "./history-log";
import { MANAGER } from "./plan";

type Credential = ApiRequest["as"];

/** A person's API key that stays valid. */
export function ownKey(env: Environment, who: number): Credential {
  const { apiKey } = personAt(env, who);
  return () => ({ "x-api-key": apiKey });
}

/**
 * The manager's API key that is revoked while it is in use. Retries use the manager's other key, so that the outcome of
 * the first attempt can still be found out.
 */
export function revokedKey(env: Environment): Credential {
  const { apiKey } = env.people.manager.revokedKey;
  const later = ownKey(env, MANAGER);
  return (attempt) => (attempt === 1 ? { "x-api-key": apiKey } : later(attempt));
}

/** Checks that the key is accepted before its revocation was requested, and refused after that was acknowledged. */
export function checkRevokedKey({ historyLog }: Pick<Environment, "historyLog">, outcome: Outcome): void {
  const { revocation } = historyLog;
  // A retry used the other key.
  if (outcome.tries > 1) return;
  const isRefused = outcome.kind === "fail" && outcome.code === "unauthenticated";
  if (isRefused) {
    if (!revocation || outcome.endedAt < revocation.requestedAt)
      historyLog.violation("a valid key was refused");
    else historyLog.countFault("keys revoked in use");
  } else if (revocation && outcome.startedAt > revocation.acknowledgedAt) {
    const ms = outcome.startedAt - revocation.acknowledgedAt;
    historyLog.violation(`a key was accepted ${ms} ms after its revocation was acknowledged`);
  }
}
