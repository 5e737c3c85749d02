import type { Stage } from "./act";
import type { Call, Sure } from "./call";
import { own } from "./credentials";
import type { Operation } from "./plan";
import { sendBy } from "./strategies";

type Deposit = Extract<Operation, { kind: "deposit" }>;
type Withdrawal = Extract<Operation, { kind: "withdrawal" }>;

/** Somebody's phone that asks the sandbox for nothing special. */
const PHONE = "+22670010203";
const BANK = { bank_code: "058", account_number: "0123456789" };
const DEMO_PIN = "0000";
const FORM = { "content-type": "application/x-www-form-urlencoded" };

export async function makeDeposit(stage: Stage, operation: Deposit): Promise<void> {
  const { who, currency, amount, scenario, key, tactic } = operation;
  const { phone = PHONE, refusal, staysUnknown = false } = scenario;
  const body = { amount, currency, ...(currency === "XOF" ? { method: "wave", phone } : { method: "card" }) };
  const call: Call = {
    method: "POST",
    route: "/api/wallet/deposit",
    body,
    key,
    mayStayUnknown: staysUnknown,
    ...own(stage, who, refusal === undefined ? [] : [refusal]),
  };
  const sures = await sendBy(stage, { call, tactic, other: { ...body, amount: amount + 1 } });
  const answered = sures.find((sure) => sure.kind === "yes");
  if (!answered) {
    stage.historyLog.unnamed.push({
      who,
      key,
      currency,
      amount: BigInt(amount),
      ends: scenario.ends,
      scenario,
    });
    return;
  }
  for (const sure of sures) noteDeposit(stage, operation, sure);
  const { authorization_url: page } = answered.said as SaidDeposit;
  if (page !== null) await pay(stage, operation, page);
}

interface SaidDeposit {
  reference: string;
  authorization_url: string | null;
  amount_minor: number;
  currency: string;
}

function noteDeposit({ historyLog }: Stage, operation: Deposit, sure: Sure): void {
  if (sure.kind !== "yes") return;
  const { who, currency, amount, scenario } = operation;
  const said = sure.said as SaidDeposit;
  if (said.amount_minor !== amount || said.currency !== currency)
    historyLog.violation(
      `a deposit of ${amount} ${currency} was answered as ${said.amount_minor} ${said.currency}`,
    );
  const ends = said.authorization_url === null ? scenario.ends : endsOf(operation);
  historyLog.acknowledge({
    ...{
      reference: said.reference,
      type: "deposit",
      who,
      to: null,
      currency,
      amount: BigInt(amount),
      fee: 0n,
    },
    ...{ ackAt: sure.endedAt, ends, scenario },
  });
}

/** Where the payer's part ends it. Paystack calls one that was given up what it was before. */
function endsOf({ payer, currency, scenario }: Deposit): readonly string[] {
  if (payer === "confirm" || payer === "twice") return scenario.ends;
  return payer === "cancel" && currency === "XOF" ? ["failed"] : ["pending"];
}

async function pay(
  { sandbox, historyLog }: Stage,
  { payer, currency }: Deposit,
  page: string,
): Promise<void> {
  if (payer === "never") return;
  const { pathname, search } = new URL(page);
  const yes = currency === "XOF" ? "confirm" : "pay";
  const body = new URLSearchParams({ pin: DEMO_PIN, action: payer === "cancel" ? "cancel" : yes }).toString();
  const submit = () => sandbox.ask({ method: "POST", path: pathname + search, headers: FORM, body });
  const heard = await Promise.all(payer === "twice" ? [submit(), submit()] : [submit()]);
  const isDone = heard.every((each) => each.kind === "answer" && each.status < 400);
  if (!isDone) historyLog.violation("the payment page of a deposit didn't take its payer's answer");
}

/** What a history's deployment takes, in hundredths of a percent: so what is held isn't what is paid. */
export const FEE_BASIS_POINTS = 125n;

/** Rounded up to a whole minor unit. */
function feeOf(amount: bigint): bigint {
  return (amount * FEE_BASIS_POINTS + 9_999n) / 10_000n;
}

export async function makeWithdrawal(stage: Stage, operation: Withdrawal): Promise<void> {
  const { who, currency, amount, scenario, key, tactic } = operation;
  const { phone = PHONE } = scenario;
  const body = { amount, currency, ...(currency === "XOF" ? { method: "wave", phone } : BANK) };
  const refusals = ["insufficient_funds"];
  const call: Call = {
    method: "POST",
    route: "/api/wallet/withdraw",
    body,
    key,
    ...own(stage, who, refusals),
  };
  const sures = await sendBy(stage, { call, tactic, other: { ...body, amount: amount + 1 } });
  for (const sure of sures) noteWithdrawal(stage, operation, sure);
}

function noteWithdrawal(stage: Stage, operation: Withdrawal, sure: Sure): void {
  const { historyLog } = stage;
  const { who, currency, amount, scenario } = operation;
  historyLog.noteShortage(sure, { who, currency, wanted: BigInt(amount) + feeOf(BigInt(amount)) });
  if (sure.kind !== "yes") return;
  const said = sure.said as { reference: string; amount_minor: number; currency: string; fee_minor: number };
  if (said.amount_minor !== amount || said.currency !== currency)
    historyLog.violation(
      `a withdrawal of ${amount} ${currency} was answered as ${said.amount_minor} ${said.currency}`,
    );
  if (BigInt(said.fee_minor) !== feeOf(BigInt(amount)))
    historyLog.violation(`a withdrawal of ${amount} costs ${said.fee_minor}`);
  historyLog.acknowledge({
    ...{ reference: said.reference, type: "withdrawal", who, to: null, currency, amount: BigInt(amount) },
    ...{ fee: BigInt(said.fee_minor), ackAt: sure.endedAt, ends: scenario.ends, scenario },
  });
}
