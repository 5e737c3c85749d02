import type { Call, Outcome } from "./api-call";
import { ownKey } from "./credentials";
import type { Environment } from "./environment";
import type { Operation } from "./plan";
import { sendWith } from "./strategies";

type Deposit = Extract<Operation, { kind: "deposit" }>;
type Withdrawal = Extract<Operation, { kind: "withdrawal" }>;

/** A phone number for which the sandbox behaves normally. */
const PHONE = "+22670010203";
const BANK = { bank_code: "058", account_number: "0123456789" };
const DEMO_PIN = "0000";
const FORM = { "content-type": "application/x-www-form-urlencoded" };

export async function makeDeposit(env: Environment, operation: Deposit): Promise<void> {
  const { who, currency, amount, scenario, key, strategy } = operation;
  const { phone = PHONE, refusal, staysUnknown = false } = scenario;
  const body = { amount, currency, ...(currency === "XOF" ? { method: "wave", phone } : { method: "card" }) };
  const call: Call = {
    method: "POST",
    route: "/api/wallet/deposit",
    body,
    key,
    mayStayUnknown: staysUnknown,
    ...ownKey(env, who, refusal === undefined ? [] : [refusal]),
  };
  const outcomes = await sendWith(env, { call, strategy, otherBody: { ...body, amount: amount + 1 } });
  const success = outcomes.find((outcome) => outcome.kind === "ok");
  if (!success) {
    env.historyLog.depositsByKey.push({
      who,
      key,
      currency,
      amount: BigInt(amount),
      allowedStates: scenario.allowedStates,
      scenario,
    });
    return;
  }
  for (const outcome of outcomes) logDeposit(env, operation, outcome);
  const { authorization_url: page } = success.body as DepositResponse;
  if (page !== null) await pay(env, operation, page);
}

interface DepositResponse {
  reference: string;
  authorization_url: string | null;
  amount_minor: number;
  currency: string;
}

function logDeposit({ historyLog }: Environment, operation: Deposit, outcome: Outcome): void {
  if (outcome.kind !== "ok") return;
  const { who, currency, amount, scenario } = operation;
  const response = outcome.body as DepositResponse;
  if (response.amount_minor !== amount || response.currency !== currency)
    historyLog.violation(
      `a deposit of ${amount} ${currency} was acknowledged as ${response.amount_minor} ${response.currency}`,
    );
  const allowedStates =
    response.authorization_url === null ? scenario.allowedStates : statesAfterPayment(operation);
  historyLog.acknowledge({
    ...{
      reference: response.reference,
      type: "deposit",
      who,
      to: null,
      currency,
      amount: BigInt(amount),
      fee: 0n,
    },
    ...{ ackAt: outcome.endedAt, allowedStates, scenario },
  });
}

/** The states that the payer's action may lead to. Paystack leaves a cancelled charge pending. */
function statesAfterPayment({ payer, currency, scenario }: Deposit): readonly string[] {
  if (payer === "confirm" || payer === "twice") return scenario.allowedStates;
  return payer === "cancel" && currency === "XOF" ? ["failed"] : ["pending"];
}

async function pay(
  { sandbox, historyLog }: Environment,
  { payer, currency }: Deposit,
  page: string,
): Promise<void> {
  if (payer === "never") return;
  const { pathname, search } = new URL(page);
  const accept = currency === "XOF" ? "confirm" : "pay";
  const body = new URLSearchParams({
    pin: DEMO_PIN,
    action: payer === "cancel" ? "cancel" : accept,
  }).toString();
  const submit = () => sandbox.send({ method: "POST", path: pathname + search, headers: FORM, body });
  const results = await Promise.all(payer === "twice" ? [submit(), submit()] : [submit()]);
  const isDone = results.every((each) => each.kind === "response" && each.status < 400);
  if (!isDone) historyLog.violation("the payment page of a deposit refused the payer's action");
}

/** The withdrawal fee of these deployments, so that the amount held differs from the amount paid. */
export const FEE_BASIS_POINTS = 125n;

/** Rounded up to a whole minor unit. */
function feeOf(amount: bigint): bigint {
  return (amount * FEE_BASIS_POINTS + 9_999n) / 10_000n;
}

export async function makeWithdrawal(env: Environment, operation: Withdrawal): Promise<void> {
  const { who, currency, amount, scenario, key, strategy } = operation;
  const { phone = PHONE } = scenario;
  const body = { amount, currency, ...(currency === "XOF" ? { method: "wave", phone } : BANK) };
  const refusals = ["insufficient_funds"];
  const call: Call = {
    method: "POST",
    route: "/api/wallet/withdraw",
    body,
    key,
    ...ownKey(env, who, refusals),
  };
  const outcomes = await sendWith(env, { call, strategy, otherBody: { ...body, amount: amount + 1 } });
  for (const outcome of outcomes) logWithdrawal(env, operation, outcome);
}

function logWithdrawal(env: Environment, operation: Withdrawal, outcome: Outcome): void {
  const { historyLog } = env;
  const { who, currency, amount, scenario } = operation;
  historyLog.logRefusal(outcome, { who, currency, wanted: BigInt(amount) + feeOf(BigInt(amount)) });
  if (outcome.kind !== "ok") return;
  const response = outcome.body as {
    reference: string;
    amount_minor: number;
    currency: string;
    fee_minor: number;
  };
  if (response.amount_minor !== amount || response.currency !== currency)
    historyLog.violation(
      `a withdrawal of ${amount} ${currency} was acknowledged as ${response.amount_minor} ${response.currency}`,
    );
  if (BigInt(response.fee_minor) !== feeOf(BigInt(amount)))
    historyLog.violation(
      `a withdrawal of ${amount} costs ${response.fee_minor}, expected ${feeOf(BigInt(amount))}`,
    );
  historyLog.acknowledge({
    ...{ reference: response.reference, type: "withdrawal", who, to: null, currency, amount: BigInt(amount) },
    ...{
      fee: BigInt(response.fee_minor),
      ackAt: outcome.endedAt,
      allowedStates: scenario.allowedStates,
      scenario,
    },
  });
}
