import { initiateDeposit } from "@/lib/api/wallet/initiate-deposit";
import { transfer } from "@/lib/api/wallet/transfer";
import { transfers } from "@/lib/api/wallet/transfers";
import { withdraw } from "@/lib/api/wallet/withdraw";
import { newWalletNumber } from "@/lib/ids";
import type { OperationType } from "@/lib/services/operations/kinds";
import type { ApiRequest, Definite } from "../crashes/client";
import { payCollection } from "../crashes/pay-collection";
import { type Environment, personAt } from "./environment";
import type { Effect, HistoryLog } from "./history-log";
import type { Order, TransferItem, TransferList } from "./plan";
import { isSuccess, sendWith } from "./send";
import { vaultForm } from "./vault-forms";

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
  const { effect, account, ...sending } = describeOrder(env, order);
  const outcomes = await sendWith(env, { ...sending, strategy });
  const successes = outcomes.filter(isSuccess);
  const bodies = successes.map(({ body }) => body as unknown as Acknowledgement);
  const isPayable = kind === "deposit" && bodies.some((body) => body.authorization_url);
  if (isPayable) effect.allowedStates = statesAfterPayment(order);
  for (const outcome of outcomes) historyLog.logRefusal(outcome, effect, account);
  effect.ackAt = Math.min(...successes.map(({ endedAt }) => endedAt));
  const isNamed = bodies.some(({ reference }) => reference !== undefined);
  if (isNamed) for (const body of bodies) acknowledge(historyLog, effect, body);
  // A page names no reference, and an unknown outcome neither: the operation is found by its key.
  else if (kind === "deposit" || successes.length > 0) historyLog.byKey.push({ ...effect, key });
  if (isPayable) await pay(env, order.payer, bodies[0]?.reference ?? "");
}

/** The request of an order, what must become of it, and the last part of the account that it takes money from. */
function describeOrder(env: Environment, order: Order) {
  const { kind, amount, key, provider, strategy } = order;
  const effect = effectOf(kind, order);
  if (kind === "vault_deposit" || kind === "vault_withdrawal") {
    const account = kind === "vault_deposit" ? "available" : `vault/${env.people.saver.vaultId}`;
    const request = vaultForm(env, kind, { amount: `${amount}`, key });
    return { request, accepted: [303, "insufficient_funds"], misuse: null, effect, account };
  }
  const [definition, body] = [CALLS[kind], bodyOf(env, order)];
  const request: ApiRequest = {
    ...{ definition, path: definition.path, body, credential: personAt(env, order.who).apiKey },
    ...(strategy.kind === "keyless" ? {} : { key }),
  };
  const accepted = [200, ...refusalsOf(order), ...(provider?.staysUnknown ? ["outcome_unknown"] : [])];
  const misuse = { ...request, body: { ...body, amount: amount + 1 } };
  return { request, accepted, misuse, effect, account: "available" };
}

type Requested = Pick<Order, "who" | "to" | "currency" | "amount"> & { provider?: Order["provider"] };

function effectOf(type: OperationType, { who, to, currency, amount, provider = null }: Requested): Effect {
  return {
    ...{ type, who, to: typeof to === "number" ? to : null, currency, amount: BigInt(amount), provider },
    fee: type === "withdrawal" ? feeOf(amount) : 0n,
    allowedStates: provider?.allowedStates ?? ["succeeded"],
    ackAt: Number.POSITIVE_INFINITY,
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
function acknowledge(historyLog: HistoryLog, effect: Effect, response: Acknowledgement): void {
  const { reference, amount_minor, currency, fee_minor = 0 } = response;
  const { type, who, to, amount, fee } = effect;
  const isSame = BigInt(amount_minor) === amount && currency === effect.currency && BigInt(fee_minor) === fee;
  if (!isSame)
    historyLog.violation(
      `a ${type} of ${amount} ${effect.currency} for ${fee} was acknowledged as ${amount_minor} ${currency} for ${fee_minor}`,
    );
  if (type === "transfer" && (to === null || to === who))
    historyLog.violation(`a transfer to ${to === null ? "nobody" : "its sender"} was acknowledged`);
  else historyLog.acknowledge({ ...effect, reference });
}

/** The states that the payer's action may lead to. Paystack leaves a cancelled charge pending. */
function statesAfterPayment({ payer, currency, provider }: Order): readonly string[] {
  if (payer === "confirm" || payer === "twice") return provider?.allowedStates ?? [];
  return payer === "cancel" && currency === "XOF" ? ["failed"] : ["pending"];
}

async function pay({ deployment: { sandbox } }: Environment, payer: Order["payer"], reference: string) {
  const collection = sandbox.book.find("collection", reference);
  if (payer === "never" || collection === null) return;
  const action = payer === "cancel" ? payer : undefined;
  const copies = payer === "twice" ? [1, 2] : [1];
  await Promise.all(copies.map(() => payCollection(sandbox, collection, action)));
}

function itemBody(env: Environment, { to, amount, currency }: TransferItem) {
  const wallet_number = to === "unknown" ? newWalletNumber() : personAt(env, to).walletNumber;
  return { wallet_number, amount, currency };
}

/** Sends a list of transfers, and checks the response to each of them. */
export async function sendList(env: Environment, list: TransferList): Promise<void> {
  const { who, items, key, strategy } = list;
  const bodies = items.map((item) => itemBody(env, item));
  const definition = transfers;
  const credential = personAt(env, who).apiKey;
  const request = { definition, path: definition.path, body: { transfers: bodies }, credential, key };
  const otherBody = bodies.toReversed().map((each) => ({ ...each, amount: each.amount + 1 }));
  const misuse = { ...request, body: { transfers: otherBody } };
  for (const outcome of await sendWith(env, { request, accepted: [200], strategy, misuse })) {
    if (isSuccess(outcome)) logList(env.historyLog, list, outcome);
  }
}

interface ListResponse {
  transfers: (Acknowledgement & { status: string; code: string | null })[];
  sent: number;
}

function logList(historyLog: HistoryLog, { who, items }: TransferList, outcome: Definite): void {
  const response = outcome.body as unknown as ListResponse;
  const results = items.flatMap((item, at) => {
    const result = response.transfers[at];
    return result ? [{ item, ...result, isSent: result.status === "success" }] : [];
  });
  if (results.length !== items.length || results.filter(({ isSent }) => isSent).length !== response.sent)
    historyLog.violation("the response to a list has another length or another number of sent transfers");
  for (const { item, code, isSent, ...result } of results) {
    const effect = { ...effectOf("transfer", { who, ...item }), ackAt: outcome.endedAt };
    if (isSent) acknowledge(historyLog, effect, result);
    else if (!refusalsOf({ who, ...item }).includes(code ?? ""))
      historyLog.violation(`a list's transfer was refused for ${code}`);
  }
  if (outcome.isReplayed) return;
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
