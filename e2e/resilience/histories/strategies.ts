import { type Call, callUntilDefinite, type Outcome } from "./api-call";
import type { Environment } from "./environment";
import type { Strategy } from "./plan";

interface Sending {
  call: Call;
  strategy: Strategy;
  /** The other body that the same key is sent with afterwards. */
  otherBody: unknown;
}

/** Sends a call by its strategy and checks the idempotency of its key. Returns every outcome of the call itself. */
export async function sendWith(env: Environment, { call, strategy, otherBody }: Sending): Promise<Outcome[]> {
  const { app, historyLog } = env;
  const send = () => callUntilDefinite(app, historyLog, call, strategy);
  if (strategy.kind === "concurrent") {
    const outcomes = await Promise.all(Array.from({ length: strategy.copies }, send));
    checkSame(env, call, outcomes);
    return outcomes;
  }
  const first = await send();
  // As a retry: the API key of the first attempt may be revoked by now.
  const credential = () => call.credential(2);
  if (strategy.kind === "replay") {
    const later = await callUntilDefinite(app, historyLog, { ...call, credential });
    const second = { ...later, tries: later.tries + 1 };
    if (first.kind === "ok" && second.kind !== "ok")
      historyLog.violation(`${call.route}: a replayed key was refused`);
    if (first.kind === "ok" && second.kind === "ok" && !second.replayed)
      historyLog.violation(`${call.route}: a replayed key was carried out again`);
    checkSame(env, call, [first, second]);
    return [first, second];
  }
  if (strategy.kind === "other_body" && first.kind === "ok") {
    const refusals = ["idempotency_mismatch", ...call.refusals];
    const outcome = await callUntilDefinite(app, historyLog, {
      ...call,
      body: otherBody,
      refusals,
      credential,
    });
    if (outcome.kind === "fail" && outcome.code === "idempotency_mismatch")
      historyLog.countFault("keys refused for another body");
    else
      historyLog.violation(
        `${call.route}: a used key with another body had the outcome ${describe(outcome)}`,
      );
    await sendToOtherRoutes(env, { ...call, credential });
  }
  return [first];
}

/** Requests to other routes, which a used key must be refused for. */
const OTHER_ROUTES = {
  "/api/wallet/transfer": { wallet_number: "1000000000009", amount: 1, currency: "XOF" },
  "/api/wallet/withdraw": { amount: 150, currency: "XOF", method: "wave", phone: "+22670010203" },
  "/api/wallet/deposit": { amount: 150, currency: "XOF", method: "wave", phone: "+22670010203" },
  "/api/wallet/transfers": { transfers: [{ wallet_number: "1000000000009", amount: 1, currency: "XOF" }] },
} as const;

/** Checks that a used key is refused by every other route. */
async function sendToOtherRoutes({ app, historyLog }: Environment, call: Call): Promise<void> {
  for (const [route, body] of Object.entries(OTHER_ROUTES)) {
    if (route === call.route) continue;
    const outcome = await callUntilDefinite(app, historyLog, {
      ...call,
      route,
      body,
      refusals: ["idempotency_mismatch"],
    });
    if (outcome.kind !== "fail")
      historyLog.violation(`${route}: the key of ${call.route} had the outcome ${describe(outcome)}`);
  }
}

/** Checks that all responses to one key name the same operation, and that one at most isn't a replay. */
function checkSame({ historyLog }: Environment, call: Call, outcomes: readonly Outcome[]): void {
  const successes = outcomes.flatMap((outcome) => (outcome.kind === "ok" ? [outcome] : []));
  const named = new Set(successes.map((outcome) => referencesIn(outcome.body)));
  if (named.size > 1)
    historyLog.violation(`${call.route}: one key was answered with ${named.size} operations`);
  const firsts = successes.filter(({ replayed }) => !replayed).length;
  if (firsts > 1)
    historyLog.violation(`${call.route}: ${firsts} responses to one key claim not to be replays`);
  historyLog.countFault("keys replayed", successes.length - firsts);
}

function referencesIn(body: unknown): string {
  const { reference, transfers } = body as { reference?: string; transfers?: { reference: string | null }[] };
  return reference ?? (transfers ?? []).map((each) => each.reference).join();
}

function describe(outcome: Outcome): string {
  return outcome.kind === "fail" ? outcome.code : outcome.kind;
}
