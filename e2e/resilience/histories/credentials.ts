import { personAt, type Stage } from "./act";
import type { Sure } from "./call";
import { MANAGER } from "./plan";

export interface Credential {
  credential(attempt: number): Record<string, string>;
  refusals: readonly string[];
}

/** Somebody's own key, which stays good. */
export function own(stage: Stage, who: number, refusals: readonly string[] = []): Credential {
  const { apiKey } = personAt(stage, who);
  return { credential: () => ({ "x-api-key": apiKey }), refusals };
}

/**
 * The manager's key that is revoked while it is used. A try again goes with the steady one: else nobody would know what
 * became of the first.
 */
export function contested(stage: Stage, refusals: readonly string[] = []): Credential {
  const steady = personAt(stage, MANAGER).apiKey;
  const { apiKey } = stage.people.manager.contested;
  return {
    credential: (attempt) => ({ "x-api-key": attempt === 1 ? apiKey : steady }),
    refusals: ["unauthenticated", ...refusals],
  };
}

/** The manager's access token. */
export function token(stage: Stage, refusals: readonly string[] = []): Credential {
  const authorization = `Bearer ${stage.people.manager.token}`;
  return { credential: () => ({ authorization }), refusals };
}

/** After the revocation was answered the key is refused; before anybody asked for it, it isn't. */
export function checkContested({ historyLog }: Pick<Stage, "historyLog">, sure: Sure): void {
  const { revocation } = historyLog;
  // A second try went with another key.
  if (sure.tries > 1) return;
  const isRefused = sure.kind === "no" && sure.code === "unauthenticated";
  if (isRefused) {
    if (!revocation || sure.endedAt < revocation.askedAt) historyLog.violation("a good key was refused");
    else historyLog.met("keys revoked in use");
  } else if (revocation && sure.startedAt > revocation.answeredAt) {
    historyLog.violation(
      `a key was good ${sure.startedAt - revocation.answeredAt} ms after its revocation had been answered`,
    );
  }
}
