import type { Outcome } from "./api-call";
import { type Environment, personAt } from "./environment";
import { MANAGER } from "./plan";

export interface Credential {
  credential(attempt: number): Record<string, string>;
  refusals: readonly string[];
}

/** A person's API key that stays valid. */
export function ownKey(env: Environment, who: number, refusals: readonly string[] = []): Credential {
  const { apiKey } = personAt(env, who);
  return { credential: () => ({ "x-api-key": apiKey }), refusals };
}

/**
 * The manager's API key that is revoked while it is in use. Retries use the manager's other key, so that the outcome of
 * the first attempt can still be found out.
 */
export function revokedInUse(env: Environment, refusals: readonly string[] = []): Credential {
  const validKey = personAt(env, MANAGER).apiKey;
  const { apiKey } = env.people.manager.revokedInUse;
  return {
    credential: (attempt) => ({ "x-api-key": attempt === 1 ? apiKey : validKey }),
    refusals: ["unauthenticated", ...refusals],
  };
}

/** The manager's access token. */
export function accessToken(env: Environment, refusals: readonly string[] = []): Credential {
  const authorization = `Bearer ${env.people.manager.token}`;
  return { credential: () => ({ authorization }), refusals };
}

/** Checks that the key is accepted before its revocation was requested, and refused after that was acknowledged. */
export function checkRevokedInUse({ historyLog }: Pick<Environment, "historyLog">, outcome: Outcome): void {
  const { revocation } = historyLog;
  // A retry used the other key.
  if (outcome.tries > 1) return;
  const isRefused = outcome.kind === "fail" && outcome.code === "unauthenticated";
  if (isRefused) {
    if (!revocation || outcome.endedAt < revocation.requestedAt)
      historyLog.violation("a valid key was refused");
    else historyLog.countFault("keys revoked in use");
  } else if (revocation && outcome.startedAt > revocation.acknowledgedAt) {
    historyLog.violation(
      `a key was accepted ${outcome.startedAt - revocation.acknowledgedAt} ms after its revocation was acknowledged`,
    );
  }
}
