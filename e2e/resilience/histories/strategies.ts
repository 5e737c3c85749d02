import type { Stage } from "./act";
import { askUntilSure, type Call, type Sure } from "./call";
import type { Tactic } from "./plan";

interface Sending {
  call: Call;
  tactic: Tactic;
  /** What the same key is tried with afterwards: another body. */
  other: unknown;
}

/** Sends a call as its tactic says, and checks what its key promises. Answers every end that the call itself had. */
export async function sendBy(stage: Stage, { call, tactic, other }: Sending): Promise<Sure[]> {
  const { app, historyLog } = stage;
  const send = () => askUntilSure(app, historyLog, call, tactic);
  if (tactic.kind === "twins") {
    const sures = await Promise.all(Array.from({ length: tactic.copies }, send));
    checkSame(stage, call, sures);
    return sures;
  }
  const first = await send();
  // What comes later goes as a second try does: the key that the first one went with may be revoked by now.
  const credential = () => call.credential(2);
  if (tactic.kind === "again") {
    const later = await askUntilSure(app, historyLog, { ...call, credential });
    const second = { ...later, tries: later.tries + 1 };
    if (first.kind === "yes" && second.kind !== "yes")
      historyLog.violation(
        `${call.route}: a key that stood for something was refused when it was sent again`,
      );
    if (first.kind === "yes" && second.kind === "yes" && !second.replayed)
      historyLog.violation(`${call.route}: a key that stood for something was carried out again`);
    checkSame(stage, call, [first, second]);
    return [first, second];
  }
  if (tactic.kind === "other_body" && first.kind === "yes") {
    const refusals = ["idempotency_mismatch", ...call.refusals];
    const sure = await askUntilSure(app, historyLog, { ...call, body: other, refusals, credential });
    if (sure.kind === "no" && sure.code === "idempotency_mismatch")
      historyLog.met("keys refused for another body");
    else historyLog.violation(`${call.route}: a used key with another body was answered ${describe(sure)}`);
    await tryElsewhere(stage, { ...call, credential });
  }
  return [first];
}

/** Small requests for other things, which a used key doesn't stand for either. */
const ELSEWHERE = {
  "/api/wallet/transfer": { wallet_number: "1000000000009", amount: 1, currency: "XOF" },
  "/api/wallet/withdraw": { amount: 150, currency: "XOF", method: "wave", phone: "+22670010203" },
  "/api/wallet/deposit": { amount: 150, currency: "XOF", method: "wave", phone: "+22670010203" },
  "/api/wallet/transfers": { transfers: [{ wallet_number: "1000000000009", amount: 1, currency: "XOF" }] },
} as const;

/** The key of one call is no key for any other. */
async function tryElsewhere({ app, historyLog }: Stage, call: Call): Promise<void> {
  for (const [route, body] of Object.entries(ELSEWHERE)) {
    if (route === call.route) continue;
    const sure = await askUntilSure(app, historyLog, {
      ...call,
      route,
      body,
      refusals: ["idempotency_mismatch"],
    });
    if (sure.kind !== "no")
      historyLog.violation(`${route}: the key of ${call.route} was answered ${describe(sure)}`);
  }
}

/** One key is one operation: all answers name the same, and one at most is the first. */
function checkSame({ historyLog }: Stage, call: Call, sures: readonly Sure[]): void {
  const said = sures.flatMap((sure) => (sure.kind === "yes" ? [sure] : []));
  const named = new Set(said.map((sure) => referencesIn(sure.said)));
  if (named.size > 1)
    historyLog.violation(`${call.route}: one key was answered with ${named.size} operations`);
  const firsts = said.filter(({ replayed }) => !replayed).length;
  if (firsts > 1)
    historyLog.violation(`${call.route}: ${firsts} answers of one key call themselves the first`);
  historyLog.met("keys replayed", said.length - firsts);
}

function referencesIn(said: unknown): string {
  const { reference, transfers } = said as { reference?: string; transfers?: { reference: string | null }[] };
  return reference ?? (transfers ?? []).map((each) => each.reference).join();
}

function describe(sure: Sure): string {
  return sure.kind === "no" ? sure.code : sure.kind;
}
