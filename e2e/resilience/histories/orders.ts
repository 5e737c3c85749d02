import { initiateDeposit } from "@/lib/api/wallet/initiate-deposit";
import { transfer } from "@/lib/api/wallet/transfer";
import { transfers } from "@/lib/api/wallet/transfers";
import { withdraw } from "@/lib/api/wallet/withdraw";
import { newWalletNumber } from "@/lib/ids";
import type { OperationType } from "@/lib/services/operations/kinds";
import type { ApiRequest, Definite } from "../crashes/client";
import type { ExpectedOperation } from "../crashes/oracle";
import { payCollection } from "../crashes/pay-collection";
import { type Environment, personAt } from "./environment";
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
  const { kind, key, strategy, who, currency } = order;
  const { expected, account, ...sending } = describeOrder(env, order);
  const outcomes = await sendWith(env, { ...sending, strategy });
  const [first, ...others] = outcomes.filter(isSuccess);
  const wanted = expected.amountMinor + (expected.feeMinor ?? 0n);
  historyLog.refusals.push(
    ...outcomes.filter(isShort).map((refusal) => ({ ...refusal, who, currency, account, wanted })),
  );
  const ackAt = Math.min(...[first, ...others].flatMap((success) => success?.endedAt ?? []));
  if (!first) {
    historyLog.expected.push(...possibleAfterRefusal({ ...expected, key }, outcomes));
    return;
  }
  if ("post" in sending.request) {
    historyLog.expected.push({ ...expected, key });
    historyLog.acknowledgedAt.set(key, ackAt);
    return;
  }
  const { reference, authorization_url } = first.body as unknown as Acknowledgement;
  acknowledge(env, order, { ...expected, reference }, first.body);
  historyLog.acknowledgedAt.set(reference, ackAt);
  if (kind === "deposit") historyLog.deposits.push({ who, reference });
  if (authorization_url) await pay(env, order.payer, reference);
}

/**
 * What may exist although no attempt was acknowledged, found by its key: a deposit, whose outcome may stay unknown, and whatever an
 * attempt with an unknown outcome asked for. It may claim the key only after the retry was refused.
 */
export function possibleAfterRefusal(
  expected: ExpectedOperation,
  outcomes: readonly Pick<Definite, "isUncertain">[],
): ExpectedOperation[] {
  const isPossible = expected.type === "deposit" || outcomes.some(({ isUncertain }) => isUncertain);
  return isPossible ? [{ ...expected, isUncertain: true }] : [];
}

/** The request of an order, what must exist after it, and the last part of the account that it takes money from. */
function describeOrder(env: Environment, order: Order) {
  const { kind, amount, key, provider, strategy } = order;
  const expected = expectedOf(env, kind, order);
  if (kind === "vault_deposit" || kind === "vault_withdrawal") {
    const account = kind === "vault_deposit" ? "available" : `vault/${env.people.saver.vaultId}`;
    const request = vaultForm(env, kind, { amount: `${amount}`, key });
    return { request, accepted: [303, "insufficient_funds"], misuse: null, expected, account };
  }
  const [definition, body] = [CALLS[kind], bodyOf(env, order)];
  const request: ApiRequest = {
    ...{ definition, path: definition.path, body, credential: personAt(env, order.who).apiKey },
    ...(strategy.kind === "keyless" ? {} : { key }),
  };
  const accepted = [200, ...refusalsOf(order), ...(provider?.staysUnknown ? ["outcome_unknown"] : [])];
  const misuse = { ...request, body: { ...body, amount: amount + 1 } };
  return { request, accepted, misuse, expected, account: "available" };
}

const isShort = ({ code }: Definite) => code === "insufficient_funds";

function expectedOf(
  env: Environment,
  type: OperationType,
  { who, to, currency, amount }: Pick<Order, "who" | "to" | "currency" | "amount">,
): ExpectedOperation {
  return {
    ...{ type, currency, from: personAt(env, who), to: typeof to === "number" ? personAt(env, to) : null },
    ...{ amountMinor: BigInt(amount), feeMinor: type === "withdrawal" ? feeOf(amount) : 0n },
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

/** Checks an acknowledgement against what was requested, and logs it. */
function acknowledge(
  { historyLog }: Environment,
  { who, to }: Pick<Order, "who" | "to">,
  expected: ExpectedOperation,
  response: object,
): void {
  const { amount_minor, currency, fee_minor = 0 } = response as Acknowledgement;
  const { type, amountMinor, feeMinor } = expected;
  const isSame =
    BigInt(amount_minor) === amountMinor && currency === expected.currency && BigInt(fee_minor) === feeMinor;
  if (!isSame)
    historyLog.violation(
      `a ${type} of ${amountMinor} ${expected.currency} for ${feeMinor} was acknowledged as ${amount_minor} ${currency} for ${fee_minor}`,
    );
  if (to === "unknown" || to === who) historyLog.violation(`a transfer to ${to} was acknowledged to ${who}`);
  historyLog.expected.push(expected);
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
  const successes = (await sendWith(env, { request, accepted: [200], strategy, misuse })).filter(isSuccess);
  const first = successes.find(({ isReplayed }) => !isReplayed) ?? successes[0];
  if (first) logList(env, list, first);
}

interface ListResponse {
  transfers: (Acknowledgement & { status: string; code: string | null })[];
  sent: number;
}

function logList(env: Environment, { who, items }: TransferList, outcome: Definite): void {
  const { historyLog } = env;
  const response = outcome.body as unknown as ListResponse;
  const results = items.flatMap((item, at) => {
    const result = response.transfers[at];
    return result ? [{ item, ...result, isSent: result.status === "success" }] : [];
  });
  if (results.length !== items.length || results.filter(({ isSent }) => isSent).length !== response.sent)
    historyLog.violation("the response to a list has another length or another number of sent transfers");
  for (const { item, code, isSent, ...result } of results) {
    const order = { who, ...item };
    const { reference } = result;
    if (isSent) acknowledge(env, order, { ...expectedOf(env, "transfer", order), reference }, result);
    else if (!refusalsOf(order).includes(code ?? ""))
      historyLog.violation(`a list's transfer was refused for ${code}`);
    if (isSent) historyLog.acknowledgedAt.set(reference, outcome.endedAt);
    if (code === "insufficient_funds" && !outcome.isReplayed) {
      const { amount, currency } = item;
      historyLog.refusals.push({ ...outcome, who, currency, account: "available", wanted: BigInt(amount) });
    }
  }
}
