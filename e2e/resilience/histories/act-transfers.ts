import { newWalletNumber } from "@/lib/ids";
import type { Currency } from "@/lib/money/currency";
import { personAt, type Stage } from "./act";
import type { Call, Sure } from "./call";
import { checkContested, contested, own } from "./credentials";
import type { Operation, TransferItem } from "./plan";
import { sendBy } from "./strategies";

type Transfer = Extract<Operation, { kind: "transfer" }>;
type List = Extract<Operation, { kind: "list" }>;

/** A transfer is there when it is answered: that is its only end. */
const ENDS = ["succeeded"];

function bodyOf(stage: Stage, who: number, { to, amount, currency }: TransferItem) {
  return { wallet_number: numberOf(stage, who, to), amount, currency };
}

function numberOf(stage: Stage, who: number, to: TransferItem["to"]): string {
  if (to === "nobody") return newWalletNumber();
  return personAt(stage, to === "self" ? who : to).walletNumber;
}

/** Whom it may be refused for; money may always be short. */
function refusalsOf({ to }: TransferItem): string[] {
  if (to === "self") return ["recipient_is_self"];
  return to === "nobody" ? ["recipient_not_found"] : ["insufficient_funds"];
}

export async function sendTransfer(stage: Stage, operation: Transfer): Promise<void> {
  const { who, key, tactic } = operation;
  const refusals = refusalsOf(operation);
  const credential = operation.contested ? contested(stage, refusals) : own(stage, who, refusals);
  const call: Call = {
    method: "POST",
    route: "/api/wallet/transfer",
    body: bodyOf(stage, who, operation),
    key: tactic.kind === "keyless" ? undefined : key,
    ...credential,
  };
  const other = { ...bodyOf(stage, who, operation), amount: operation.amount + 1 };
  const sures = await sendBy(stage, { call, tactic, other });
  for (const sure of sures) {
    if (operation.contested) checkContested(stage, sure);
    note(stage, operation, sure);
  }
}

function note(stage: Stage, operation: Transfer, sure: Sure): void {
  const { who, currency: asked } = operation;
  stage.historyLog.noteShortage(sure, { who, currency: asked, wanted: BigInt(operation.amount) });
  if (sure.kind !== "yes") return;
  const { reference, amount_minor: amount, currency } = sure.said as Said;
  if (amount !== operation.amount || currency !== operation.currency)
    stage.historyLog.violation(
      `a transfer of ${operation.amount} was answered as one of ${amount} ${currency}`,
    );
  acknowledge(stage, operation.who, operation, { reference, endedAt: sure.endedAt });
}

interface Said {
  reference: string;
  amount_minor: number;
  currency: Currency;
}

function acknowledge(
  { historyLog }: Stage,
  who: number,
  { to, amount, currency }: TransferItem,
  { reference, endedAt }: { reference: string; endedAt: number },
): void {
  if (typeof to !== "number") {
    historyLog.violation(`a transfer to ${to} was answered with a yes`);
    return;
  }
  historyLog.acknowledge({
    ...{ reference, type: "transfer", who, to, currency, amount: BigInt(amount), fee: 0n },
    ...{ ackAt: endedAt, ends: ENDS, scenario: null },
  });
}

export async function sendList(stage: Stage, { who, items, key, tactic }: List): Promise<void> {
  const transfers = items.map((item) => bodyOf(stage, who, item));
  const call: Call = {
    method: "POST",
    route: "/api/wallet/transfers",
    body: { transfers },
    key,
    ...own(stage, who),
  };
  const other = { transfers: [...transfers].reverse().map((each) => ({ ...each, amount: each.amount + 1 })) };
  const sures = await sendBy(stage, { call, tactic, other });
  for (const sure of sures) noteList(stage, who, items, sure);
}

function noteList(stage: Stage, who: number, items: readonly TransferItem[], sure: Sure): void {
  if (sure.kind !== "yes") return;
  const said = sure.said as { transfers: (Said & { status: string; code: string | null })[]; sent: number };
  const { historyLog } = stage;
  if (said.transfers.length !== items.length) {
    historyLog.violation("a list was answered with another length");
    return;
  }
  if (!sure.replayed) noteVerdicts(stage, who, items, said.transfers);
  let sent = 0;
  for (const [index, verdict] of said.transfers.entries()) {
    const item = items[index];
    if (!item) continue;
    if (verdict.status === "success") {
      sent += 1;
      acknowledge(stage, who, item, { reference: verdict.reference, endedAt: sure.endedAt });
      continue;
    }
    const allowed = item.to === who ? ["recipient_is_self"] : refusalsOf(item);
    if (verdict.code === "insufficient_funds") historyLog.met("refused for lack of money");
    if (!allowed.includes(verdict.code ?? ""))
      historyLog.violation(`a list's transfer was refused for ${verdict.code}`);
  }
  if (sent !== said.sent) historyLog.violation(`a list says ${said.sent} sent and names ${sent}`);
}

function noteVerdicts(
  { historyLog }: Stage,
  who: number,
  items: readonly TransferItem[],
  said: readonly { status: string; reference: string; code: string | null }[],
): void {
  for (const currency of ["XOF", "NGN"] as const) {
    const verdicts = items.flatMap((item, index) => {
      const verdict = said[index];
      if (item.currency !== currency || !verdict) return [];
      const reference = verdict.status === "success" ? verdict.reference : null;
      return [{ amount: BigInt(item.amount), reference, isShort: verdict.code === "insufficient_funds" }];
    });
    historyLog.lists.push({ who, currency, verdicts });
  }
}
