import { DomainError, type FieldIssue } from "@/lib/errors";
import type { Currency } from "@/lib/money/currency";
import { AMOUNT_MINOR_MAX, type Money, money } from "@/lib/money/money";
import { type ParsedAmount, parseAmount } from "@/lib/money/parse-amount";
import { PHONE_EXAMPLE, PHONE_REASONS, type PhoneCountry, parsePhone } from "@/lib/phone";
import { findMethod, isMethodName, listMethods, type MethodOffer } from "@/lib/providers/methods";
import type { Direction } from "@/lib/providers/provider";
import { checkAccount, type TypedAccount } from "../banks/check-account";

/** A deposit or withdrawal as a person typed it, or as the API sent it. */
export interface TypedOrder {
  /** In major units as people write it, or in minor units. */
  amount: string | bigint;
  phone: string;
  /** Empty where nothing was chosen. */
  method: string;
  currency: Currency;
  /** Used only by methods that ask for a bank account. */
  bank?: TypedAccount;
}

export interface CheckedOrder {
  amount: Money;
  /** E.164; null for methods without a phone. */
  phone: string | null;
  /** Null for methods without a bank account. */
  bank: TypedAccount | null;
  /** Null where the payer chooses on the payment page. */
  method: string | null;
  /** The provider's offer for it, with its limits; one of several where the payer may still choose. */
  offer: MethodOffer;
}

/**
 * Checks amount, phone and method of money coming in or going out, all of them before it answers. A phone is looked at
 * only where the method asks for it. Throws `validation_failed` with one issue a field, and `method_unavailable` when
 * nothing moves this currency in this direction.
 */
export function checkOrder(
  typed: TypedOrder,
  direction: Direction,
  defaultCountry: PhoneCountry,
): CheckedOrder {
  const amount = readAmount(typed.amount, typed.currency);
  const choice = chooseWithoutPhone(typed, direction) ?? chooseByPhone(typed, direction, defaultCountry);
  const issues: FieldIssue[] = "reason" in amount ? [{ field: "amount", reason: amount.reason }] : [];
  issues.push(...choice.issues);
  const offer = "reason" in amount ? choice.offers[0] : fittingOffer(amount.amountMinor, choice.offers);
  if (offer && "amountMinor" in amount) issues.push(...limitIssues(amount.amountMinor, offer));
  if (issues.length > 0 || "reason" in amount || !offer)
    throw new DomainError("validation_failed", { issues });
  const { phone, bank, method } = choice;
  return { amount: money(amount.amountMinor, typed.currency), phone, bank, method, offer };
}

function readAmount(amount: string | bigint, currency: Currency): ParsedAmount {
  if (typeof amount === "string") return parseAmount(amount, currency);
  if (amount <= 0n) return { reason: "not_positive" };
  return amount > AMOUNT_MINOR_MAX ? { reason: "too_large" } : { amountMinor: amount };
}

/** The result of checking method and destination: the offers that fit, best first; none when there is an issue. */
interface Choice {
  offers: MethodOffer[];
  phone: string | null;
  bank: TypedAccount | null;
  method: string | null;
  issues: FieldIssue[];
}

const NO_ACCOUNT: TypedAccount = { bankCode: "", accountNumber: "" };

/** For methods without a phone; null when this order's method needs one. */
function chooseWithoutPhone(typed: TypedOrder, direction: Direction): Choice | null {
  const { method, currency, bank = NO_ACCOUNT } = typed;
  const all = listMethods({ direction, currency });
  if (all.length === 0) throw new DomainError("method_unavailable");
  const free = all.filter((offer) => offer.asks !== undefined);
  const offers = free.filter((offer) => method === "" || offer.method === method);
  const isOnlyWay = free.length === all.length;
  if (!isOnlyWay && (method === "" || offers.length === 0)) return null;
  const issues: FieldIssue[] = offers.length === 0 ? [{ field: "method", reason: "method_unavailable" }] : [];
  const checked = offers[0]?.asks === "bank_account" ? checkAccount(bank) : null;
  issues.push(...(checked?.issues ?? []));
  // Money that comes in by one of several ways is the payer's choice, on the payment page.
  const isOpen = direction === "in" && method === "" && offers.length > 1;
  return {
    offers,
    phone: null,
    bank: checked?.account ?? null,
    method: isOpen ? null : (offers[0]?.method ?? null),
    issues,
  };
}

function chooseByPhone(typed: TypedOrder, direction: Direction, defaultCountry: PhoneCountry): Choice {
  const phone = parsePhone(typed.phone, defaultCountry);
  const issues: FieldIssue[] = [];
  if ("reason" in phone) {
    const values = { example: PHONE_EXAMPLE };
    issues.push({ field: "phone", reason: PHONE_REASONS[phone.reason], values });
  }
  const country = "country" in phone ? phone.country : defaultCountry;
  const filter = { direction, country, currency: typed.currency };
  const offer = findMethod({ ...filter, method: typed.method });
  if (!offer) issues.push({ field: "method", reason: methodReason(typed, filter) });
  return {
    offers: offer ? [offer] : [],
    phone: "e164" in phone ? phone.e164 : null,
    bank: null,
    method: offer?.method ?? null,
    issues,
  };
}

/** The first offer that takes the amount, or else the first, whose limits are reported. */
function fittingOffer(amountMinor: bigint, offers: readonly MethodOffer[]): MethodOffer | undefined {
  return offers.find((offer) => limitIssues(amountMinor, offer).length === 0) ?? offers[0];
}

function methodReason(
  typed: TypedOrder,
  filter: { direction: Direction; country: PhoneCountry; currency: Currency },
): string {
  if (typed.method === "") return "method_required";
  if (!isMethodName(typed.method)) return "method_unavailable";
  const named = ({ method }: MethodOffer) => method === typed.method;
  const elsewhere = listMethods({ direction: filter.direction, currency: filter.currency }).some(named);
  if (elsewhere) return "method_country";
  const takesOnlyIn = filter.direction === "out" && listMethods({ direction: "in" }).some(named);
  return takesOnlyIn ? "method_no_payout" : "method_unavailable";
}

function limitIssues(amountMinor: bigint, offer: MethodOffer): FieldIssue[] {
  const { minMinor, maxMinor, stepMinor, currency } = offer;
  const issue = (reason: string, name: string, limit: bigint): FieldIssue[] => [
    { field: "amount", reason, values: { [name]: { amountMinor: limit, currency } } },
  ];
  if (amountMinor < minMinor) return issue("amount_below_min", "min", minMinor);
  if (amountMinor > maxMinor) return issue("amount_above_max", "max", maxMinor);
  if (amountMinor % stepMinor !== 0n) return issue("amount_step", "step", stepMinor);
  return [];
}
