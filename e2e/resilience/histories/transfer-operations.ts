import { newWalletNumber } from "@/lib/ids";
import type { Currency } from "@/lib/money/currency";
import type { Call, Outcome } from "./api-call";
import { checkRevokedInUse, ownKey, revokedInUse } from "./credentials";
import { type Environment, personAt } from "./environment";
import type { Operation, TransferItem } from "./plan";
import { sendWith } from "./strategies";

type Transfer = Extract<Operation, { kind: "transfer" }>;
type List = Extract<Operation, { kind: "list" }>;

const ALLOWED_STATES = ["succeeded"];

function bodyOf(env: Environment, who: number, { to, amount, currency }: TransferItem) {
  return { wallet_number: numberOf(env, who, to), amount, currency };
}

function numberOf(env: Environment, who: number, to: TransferItem["to"]): string {
  if (to === "unknown") return newWalletNumber();
  return personAt(env, to === "self" ? who : to).walletNumber;
}

/** The error codes that a transfer to this recipient may fail with. */
function refusalsOf({ to }: TransferItem): string[] {
  if (to === "self") return ["recipient_is_self"];
  return to === "unknown" ? ["recipient_not_found"] : ["insufficient_funds"];
}

export async function sendTransfer(env: Environment, operation: Transfer): Promise<void> {
  const { who, key, strategy } = operation;
  const refusals = refusalsOf(operation);
  const credential = operation.revokedInUse ? revokedInUse(env, refusals) : ownKey(env, who, refusals);
  const call: Call = {
    method: "POST",
    route: "/api/wallet/transfer",
    body: bodyOf(env, who, operation),
    key: strategy.kind === "keyless" ? undefined : key,
    ...credential,
  };
  const otherBody = { ...bodyOf(env, who, operation), amount: operation.amount + 1 };
  const outcomes = await sendWith(env, { call, strategy, otherBody });
  for (const outcome of outcomes) {
    if (operation.revokedInUse) checkRevokedInUse(env, outcome);
    logTransfer(env, operation, outcome);
  }
}

function logTransfer(env: Environment, operation: Transfer, outcome: Outcome): void {
  const { who, currency: requested } = operation;
  env.historyLog.logRefusal(outcome, { who, currency: requested, wanted: BigInt(operation.amount) });
  if (outcome.kind !== "ok") return;
  const { reference, amount_minor: amount, currency } = outcome.body as TransferResponse;
  if (amount !== operation.amount || currency !== operation.currency)
    env.historyLog.violation(
      `a transfer of ${operation.amount} was acknowledged as one of ${amount} ${currency}`,
    );
  acknowledge(env, operation.who, operation, { reference, endedAt: outcome.endedAt });
}

interface TransferResponse {
  reference: string;
  amount_minor: number;
  currency: Currency;
}

function acknowledge(
  { historyLog }: Environment,
  who: number,
  { to, amount, currency }: TransferItem,
  { reference, endedAt }: { reference: string; endedAt: number },
): void {
  if (typeof to !== "number") {
    historyLog.violation(`a transfer to ${to} was acknowledged`);
    return;
  }
  historyLog.acknowledge({
    ...{ reference, type: "transfer", who, to, currency, amount: BigInt(amount), fee: 0n },
    ...{ ackAt: endedAt, allowedStates: ALLOWED_STATES, scenario: null },
  });
}

export async function sendList(env: Environment, { who, items, key, strategy }: List): Promise<void> {
  const transfers = items.map((item) => bodyOf(env, who, item));
  const call: Call = {
    method: "POST",
    route: "/api/wallet/transfers",
    body: { transfers },
    key,
    ...ownKey(env, who),
  };
  const otherBody = {
    transfers: [...transfers].reverse().map((each) => ({ ...each, amount: each.amount + 1 })),
  };
  const outcomes = await sendWith(env, { call, strategy, otherBody });
  for (const outcome of outcomes) logList(env, who, items, outcome);
}

function logList(env: Environment, who: number, items: readonly TransferItem[], outcome: Outcome): void {
  if (outcome.kind !== "ok") return;
  const response = outcome.body as {
    transfers: (TransferResponse & { status: string; code: string | null })[];
    sent: number;
  };
  const { historyLog } = env;
  if (response.transfers.length !== items.length) {
    historyLog.violation("the response to a list has another length");
    return;
  }
  if (!outcome.replayed) logListOutcome(env, who, items, response.transfers);
  let sent = 0;
  for (const [index, result] of response.transfers.entries()) {
    const item = items[index];
    if (!item) continue;
    if (result.status === "success") {
      sent += 1;
      acknowledge(env, who, item, { reference: result.reference, endedAt: outcome.endedAt });
      continue;
    }
    const allowed = item.to === who ? ["recipient_is_self"] : refusalsOf(item);
    if (result.code === "insufficient_funds") historyLog.countFault("refused for insufficient funds");
    if (!allowed.includes(result.code ?? ""))
      historyLog.violation(`a list's transfer was refused for ${result.code}`);
  }
  if (sent !== response.sent)
    historyLog.violation(`a list says that ${response.sent} were sent and names ${sent}`);
}

function logListOutcome(
  { historyLog }: Environment,
  who: number,
  items: readonly TransferItem[],
  results: readonly { status: string; reference: string; code: string | null }[],
): void {
  for (const currency of ["XOF", "NGN"] as const) {
    const transfers = items.flatMap((item, index) => {
      const result = results[index];
      if (item.currency !== currency || !result) return [];
      const reference = result.status === "success" ? result.reference : null;
      return [{ amount: BigInt(item.amount), reference, isShort: result.code === "insufficient_funds" }];
    });
    historyLog.lists.push({ who, currency, transfers });
  }
}
