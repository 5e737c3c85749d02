import { initiateDeposit } from "@/lib/api/wallet/initiate-deposit";
import { transfer } from "@/lib/api/wallet/transfer";
import { transfers } from "@/lib/api/wallet/transfers";
import { withdraw } from "@/lib/api/wallet/withdraw";
import { newWalletNumber } from "@/lib/ids";
import { DEMO_PIN, paymentForm } from "@/lib/sandbox/pay-page";
import type { OperationType } from "@/lib/services/operations/kinds";
import { type ApiRequest, apiCall, type Call, send } from "./call";
import { type Environment, ownKey, personAt, revokedKey } from "./environment";
import type { Effect, HistoryLog, Outcome } from "./history-log";
import type { Order, TransferItem, TransferList } from "./plan";
import { sendWith } from "./strategies";
import { vaultFormCall } from "./vault-forms";

type Success = Extract<Outcome, { kind: "ok" }>;

/** What the API responds to an order with. */
interface Acknowledgement {
  reference: string;
  amount_minor: number;
  currency: string;
  fee_minor?: number;
  authorization_url?: string | null;
}

/** A phone number for which the sandbox behaves normally. */
const PHONE = "+22670010203";
const BANK = { bank_code: "058", account_number: "0123456789" };
const CALLS = { transfer, deposit: initiateDeposit, withdrawal: withdraw } as const;
/** The withdrawal fee of these deployments, so that the amount held differs from the amount paid. */
export const FEE_BASIS_POINTS = 125n;

/** Rounded up to a whole minor unit. */
function feeOf(amount: number): bigint {
  return (BigInt(amount) * FEE_BASIS_POINTS + 9_999n) / 10_000n;
}

/** Sends an order over the API or by a form, and logs what the client learnt. */
export async function placeOrder(env: Environment, order: Order): Promise<void> {
  const { historyLog } = env;
  const { kind, key, strategy } = order;
  const { call, misuses, effect, account } = describeOrder(env, order);
  const outcomes = await sendWith(historyLog, { call, misuses, strategy });
  const successes = outcomes.filter((outcome) => outcome.kind === "ok");
  const page = (successes[0]?.body as Acknowledgement | undefined)?.authorization_url ?? null;
  if (kind === "deposit" && page !== null) effect.allowedStates = statesAfterPayment(order);
  for (const outcome of outcomes) {
    if (order.usesRevokedKey) historyLog.checkRevokedKey(outcome);
    historyLog.logRefusal(outcome, effect, account);
  }
  for (const { body, endedAt } of successes) {
    if (body !== null) acknowledge(historyLog, effect, body as Acknowledgement, endedAt);
  }
  const isLate = ({ startedAt, replayed }: Success) => !replayed && startedAt > historyLog.lockedAt;
  if (kind === "vault_withdrawal" && successes.some(isLate))
    historyLog.violation("money was taken out of a vault after its lock was acknowledged");
  // A page names no reference, and an unknown outcome neither: the operation is found by its key.
  const isNamed = successes.some(({ body }) => body !== null);
  if (!isNamed && (kind === "deposit" || successes.length > 0))
    historyLog.byKey.push({ ...effect, key, ackAt: Math.min(...successes.map(({ endedAt }) => endedAt)) });
  if (kind === "deposit" && page !== null) await pay(env, order.payer, page);
}

/** The call of an order, what must become of it, and the last part of the account that it takes money from. */
function describeOrder(env: Environment, order: Order) {
  const { kind, amount, key, usesRevokedKey, provider } = order;
  const effect = effectOf(kind, order);
  if (kind === "vault_deposit" || kind === "vault_withdrawal") {
    const account = kind === "vault_deposit" ? "available" : `vault/${env.people.saver.vaultId}`;
    return { call: vaultFormCall(env, kind, { amount: `${amount}`, key }), misuses: [], effect, account };
  }
  const [definition, body] = [CALLS[kind], bodyOf(env, order)];
  const call = apiCall(env.deployment.url, {
    ...{ definition, body, as: usesRevokedKey ? revokedKey(env) : ownKey(env, order.who) },
    key: order.strategy.kind === "keyless" ? undefined : key,
    refusals: [...refusalsOf(order), ...(usesRevokedKey ? ["unauthenticated"] : [])],
    mayStayUnknown: provider?.staysUnknown ?? false,
  });
  const misuses = misusesOf(env, order, { definition, body: { ...body, amount: amount + 1 } });
  return { call, misuses, effect, account: "available" };
}

type Requested = Pick<Order, "who" | "to" | "currency" | "amount"> & { provider?: Order["provider"] };

function effectOf(type: OperationType, { who, to, currency, amount, provider = null }: Requested): Effect {
  return {
    ...{ type, who, to: typeof to === "number" ? to : null, currency, amount: BigInt(amount), provider },
    fee: type === "withdrawal" ? feeOf(amount) : 0n,
    allowedStates: provider?.allowedStates ?? ["succeeded"],
  };
}

function bodyOf(env: Environment, { kind, to, amount, currency, provider }: Order) {
  if (to !== null) return itemBody(env, { to, amount, currency });
  const mobileMoney = { method: "wave", phone: provider?.phone ?? PHONE };
  const inNaira = kind === "deposit" ? { method: "card" } : BANK;
  return { amount, currency, ...(currency === "XOF" ? mobileMoney : inNaira) };
}

/** The error codes that an order or an item of a list may be refused with. */
function refusalsOf({ who, to, provider }: Pick<Order, "who" | "to"> & { provider?: Order["provider"] }) {
  if (to === who) return ["recipient_is_self"];
  if (to === "unknown") return ["recipient_not_found"];
  return provider?.refusals ?? ["insufficient_funds"];
}

/** Checks an acknowledgement against the order, and logs it. */
function acknowledge(historyLog: HistoryLog, effect: Effect, response: Acknowledgement, ackAt: number): void {
  const { reference, amount_minor, currency, fee_minor = 0 } = response;
  const { type, who, to, amount, fee } = effect;
  const isSame = BigInt(amount_minor) === amount && currency === effect.currency && BigInt(fee_minor) === fee;
  if (!isSame)
    historyLog.violation(
      `a ${type} of ${amount} ${effect.currency} for ${fee} was acknowledged as ${amount_minor} ${currency} for ${fee_minor}`,
    );
  if (type === "transfer" && (to === null || to === who))
    historyLog.violation(`a transfer to ${to === null ? "nobody" : "its sender"} was acknowledged`);
  else historyLog.acknowledge({ ...effect, reference, ackAt });
}

/** Every call that takes an Idempotency-Key, with a body that it takes. */
const ITEM = { wallet_number: "1000000000009", amount: 1, currency: "XOF" };
const PAYMENT = { amount: 150, currency: "XOF", method: "wave", phone: PHONE };
const KEYED_REQUESTS: readonly Pick<ApiRequest, "definition" | "body">[] = [
  { definition: transfer, body: ITEM },
  { definition: transfers, body: { transfers: [ITEM] } },
  { definition: initiateDeposit, body: PAYMENT },
  { definition: withdraw, body: PAYMENT },
];

/** Other requests with the key of an order, which it must be refused for: another body, and each other call. */
function misusesOf(
  env: Environment,
  { who, key }: { who: number; key: string },
  { definition, body }: Pick<ApiRequest, "definition" | "body">,
): Call[] {
  const others = KEYED_REQUESTS.filter((request) => request.definition !== definition);
  const credential = { as: ownKey(env, who), key, refusals: ["idempotency_mismatch"] };
  return [{ definition, body }, ...others].map((request) =>
    apiCall(env.deployment.url, { ...request, ...credential }),
  );
}

/** The states that the payer's action may lead to. Paystack leaves a cancelled charge pending. */
function statesAfterPayment({ payer, currency, provider }: Order): readonly string[] {
  if (payer === "confirm" || payer === "twice") return provider?.allowedStates ?? [];
  return payer === "cancel" && currency === "XOF" ? ["failed"] : ["pending"];
}

async function pay({ deployment, historyLog }: Environment, payer: Order["payer"], page: string) {
  if (payer === "never") return;
  const { pathname, search } = new URL(page);
  const form = payer === "cancel" ? { pin: DEMO_PIN, action: "cancel" } : paymentForm(pathname);
  const submit = () =>
    send(deployment.sandbox.url + pathname + search, { method: "POST", body: new URLSearchParams(form) });
  const results = await Promise.all(payer === "twice" ? [submit(), submit()] : [submit()]);
  if (!results.every(({ answer }) => answer !== null && answer.status < 400))
    historyLog.violation("the payment page of a deposit refused the payer's action");
}

function itemBody(env: Environment, { to, amount, currency }: TransferItem) {
  const wallet_number = to === "unknown" ? newWalletNumber() : personAt(env, to).walletNumber;
  return { wallet_number, amount, currency };
}

interface ListResponse {
  transfers: (Acknowledgement & { status: string; code: string | null })[];
  sent: number;
}

/** Sends a list of transfers, and checks the response to each of them. */
export async function sendList(env: Environment, list: TransferList): Promise<void> {
  const { who, items, key, strategy } = list;
  const { historyLog, deployment } = env;
  const bodies = items.map((item) => itemBody(env, item));
  const request = { definition: transfers, body: { transfers: bodies } };
  const call = apiCall(deployment.url, { ...request, as: ownKey(env, who), key });
  const otherBody = { transfers: bodies.toReversed().map((each) => ({ ...each, amount: each.amount + 1 })) };
  const misuses = misusesOf(env, list, { ...request, body: otherBody });
  for (const outcome of await sendWith(historyLog, { call, strategy, misuses })) {
    if (outcome.kind === "ok") logList(historyLog, list, outcome);
  }
}

function logList(
  historyLog: HistoryLog,
  { who, items }: TransferList,
  { body, replayed, endedAt }: Success,
): void {
  const response = body as ListResponse;
  if (response.transfers.length !== items.length) {
    historyLog.violation("the response to a list has another length");
    return;
  }
  const sent = response.transfers.filter(({ status }) => status === "success").length;
  if (sent !== response.sent)
    historyLog.violation(`a list says that ${response.sent} were sent and names ${sent}`);
  const results = items.flatMap((item, at) => {
    const result = response.transfers[at];
    return result ? [{ item, ...result, isSent: result.status === "success" }] : [];
  });
  for (const { item, code, isSent, ...result } of results) {
    if (isSent) acknowledge(historyLog, effectOf("transfer", { who, ...item }), result, endedAt);
    else if (!refusalsOf({ who, ...item }).includes(code ?? ""))
      historyLog.violation(`a list's transfer was refused for ${code}`);
    else if (code === "insufficient_funds") historyLog.countFault("refused for insufficient funds");
  }
  if (replayed) return;
  for (const currency of ["XOF", "NGN"] as const) {
    const same = results.filter(({ item }) => item.currency === currency);
    const transfers = same.map(({ item, isSent, reference, code }) => ({
      amount: BigInt(item.amount),
      reference: isSent ? reference : null,
      isShort: code === "insufficient_funds",
    }));
    historyLog.lists.push({ who, currency, transfers });
  }
}
