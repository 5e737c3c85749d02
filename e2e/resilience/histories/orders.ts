import type { ApiCall } from "@/lib/api/define-call";
import { initiateDeposit } from "@/lib/api/wallet/initiate-deposit";
import { transfer } from "@/lib/api/wallet/transfer";
import { transfers } from "@/lib/api/wallet/transfers";
import { withdraw } from "@/lib/api/wallet/withdraw";
import { newWalletNumber } from "@/lib/ids";
import { DEMO_PIN, paymentForm } from "@/lib/sandbox/pay-page";
import { type ApiRequest, apiCall, send } from "./call";
import { checkRevokedKey, ownKey, revokedKey } from "./credentials";
import { type Environment, personAt } from "./environment";
import type { Effect, HistoryLog, Outcome } from "./history-log";
import { type Order, SAVER, type TransferItem, type TransferList } from "./plan";
import { sendWith } from "./strategies";
import { vaultFormCall } from "./vault-forms";

type ApiOrder = Exclude<Order, { kind: "vault_deposit" | "vault_withdrawal" }>;
type VaultOrder = Extract<Order, { kind: "vault_deposit" | "vault_withdrawal" }>;
type Deposit = Extract<Order, { kind: "deposit" }>;
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
const INTERNAL = { fee: 0n, allowedStates: ["succeeded"], provider: null } as const;
/** The withdrawal fee of these deployments, so that the amount held differs from the amount paid. */
export const FEE_BASIS_POINTS = 125n;

/** Rounded up to a whole minor unit. */
function feeOf(amount: number): bigint {
  return (BigInt(amount) * FEE_BASIS_POINTS + 9_999n) / 10_000n;
}

/** Sends an order over the API, and logs what the client learnt. */
export async function placeOrder(env: Environment, order: ApiOrder): Promise<void> {
  const { historyLog } = env;
  const usesRevokedKey = order.kind === "transfer" && order.usesRevokedKey;
  const { request, effect } = describeOrder(env, order);
  const refusals = [...(request.refusals ?? []), ...(usesRevokedKey ? ["unauthenticated"] : [])];
  const key = order.strategy.kind === "keyless" ? undefined : order.key;
  const as = usesRevokedKey ? revokedKey(env) : ownKey(env, order.who);
  const call = apiCall(env.deployment.url, { ...request, refusals, as, key });
  const otherBody = { ...request.body, amount: order.amount + 1 };
  const misuses = misusesOf(env, order, { definition: request.definition, body: otherBody });
  const outcomes = await sendWith(historyLog, { call, strategy: order.strategy, misuses });
  const success = outcomes.find((outcome) => outcome.kind === "ok");
  const page = (success?.body as Acknowledgement | undefined)?.authorization_url ?? null;
  if (order.kind === "deposit" && page !== null) effect.allowedStates = statesAfterPayment(order);
  for (const outcome of outcomes) {
    if (usesRevokedKey) checkRevokedKey(env, outcome);
    historyLog.logRefusal(outcome, effect);
    if (outcome.kind === "ok")
      acknowledge(historyLog, effect, outcome.body as Acknowledgement, outcome.endedAt);
  }
  if (order.kind !== "deposit") return;
  if (page !== null) await pay(env, order.payer, page);
  if (!success) historyLog.byKey.push({ ...effect, key: order.key, ackAt: Number.POSITIVE_INFINITY });
}

/** The request of an order, and what must become of it. */
function describeOrder(env: Environment, order: ApiOrder) {
  const { kind, who, currency, amount } = order;
  const common = { type: kind, who, to: null, currency, amount: BigInt(amount) };
  if (kind === "transfer") {
    const effect: Effect = { ...common, ...INTERNAL, to: typeof order.to === "number" ? order.to : null };
    const request = { definition: transfer, body: itemBody(env, order), refusals: refusalsOf(who, order) };
    return { request, effect };
  }
  const { provider } = order;
  const { allowedStates, refusal, staysUnknown: mayStayUnknown } = provider;
  const mobileMoney = { method: "wave", phone: provider.phone ?? PHONE };
  const effect: Effect = { ...common, fee: 0n, allowedStates, provider };
  if (kind === "deposit") {
    const body = { amount, currency, ...(currency === "XOF" ? mobileMoney : { method: "card" }) };
    const refusals = refusal === null ? [] : [refusal];
    return { request: { definition: initiateDeposit, body, refusals, mayStayUnknown }, effect };
  }
  const body = { amount, currency, ...(currency === "XOF" ? mobileMoney : BANK) };
  const request = { definition: withdraw, body, refusals: ["insufficient_funds"] };
  return { request, effect: { ...effect, fee: feeOf(amount) } };
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

/** Other requests with the key of an order: another body, and each other route that takes keys. */
function misusesOf(
  env: Environment,
  { who, key }: { who: number; key: string },
  other: { definition: ApiCall; body: unknown },
) {
  const item = { wallet_number: "1000000000009", amount: 1, currency: "XOF" };
  const payment = { amount: 150, currency: "XOF", method: "wave", phone: PHONE };
  const others: Pick<ApiRequest, "definition" | "body">[] = [
    { definition: transfer, body: item },
    { definition: transfers, body: { transfers: [item] } },
    { definition: initiateDeposit, body: payment },
    { definition: withdraw, body: payment },
  ];
  return [other, ...others.filter(({ definition }) => definition !== other.definition)].map((request) =>
    apiCall(env.deployment.url, {
      ...request,
      key,
      as: ownKey(env, who),
      refusals: ["idempotency_mismatch"],
    }),
  );
}

/** The states that the payer's action may lead to. Paystack leaves a cancelled charge pending. */
function statesAfterPayment({ payer, currency, provider }: Deposit): readonly string[] {
  if (payer === "confirm" || payer === "twice") return provider.allowedStates;
  return payer === "cancel" && currency === "XOF" ? ["failed"] : ["pending"];
}

async function pay({ deployment, historyLog }: Environment, payer: Deposit["payer"], page: string) {
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

/** The error codes that a transfer to this recipient may be refused with. */
function refusalsOf(who: number, { to }: TransferItem): string[] {
  if (to === who) return ["recipient_is_self"];
  return to === "unknown" ? ["recipient_not_found"] : ["insufficient_funds"];
}

/** Moves money into or out of the saver's vault by its page. */
export async function moveInVault(
  env: Environment,
  { kind, amount, key, strategy }: VaultOrder,
): Promise<void> {
  const { historyLog, people } = env;
  const account = kind === "vault_deposit" ? "available" : `vault/${people.saver.vaultId}`;
  const call = vaultFormCall(env, kind, { amount: String(amount), key });
  const outcomes = await sendWith(historyLog, { call, strategy, misuses: [] });
  const effect: Effect = {
    ...{ type: kind, who: SAVER, to: null, currency: "XOF", amount: BigInt(amount) },
    ...INTERNAL,
  };
  for (const outcome of outcomes) historyLog.logRefusal(outcome, effect, account);
  const successes = outcomes.filter((outcome) => outcome.kind === "ok");
  const wasLocked = ({ startedAt, replayed }: Success) => !replayed && startedAt > historyLog.lockedAt;
  if (kind === "vault_withdrawal" && successes.some(wasLocked))
    historyLog.violation("money was taken out of a vault after its lock was acknowledged");
  const ackAt = Math.min(...successes.map(({ endedAt }) => endedAt));
  if (successes.length > 0) historyLog.byKey.push({ ...effect, key, ackAt });
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
    const { to, currency, amount } = item;
    const recipient = typeof to === "number" ? to : null;
    const effect = {
      type: "transfer",
      who,
      to: recipient,
      currency,
      amount: BigInt(amount),
      ...INTERNAL,
    } as const;
    if (isSent) acknowledge(historyLog, effect, result, endedAt);
    else if (!refusalsOf(who, item).includes(code ?? ""))
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
