import { getTranslations } from "next-intl/server";
import { formatDate, formatDateTimeInZone } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { groupReference } from "@/lib/ids";
import { amountInWords } from "@/lib/money/amount-in-words";
import { subtract } from "@/lib/money/arithmetic";
import { formatMoney, formatSignedMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import { formatPhone, type TimeZone } from "@/lib/phone";
import type { MoneyRequestView } from "@/lib/services/money-requests/view";
import type { OperationDetails, OperationStep } from "@/lib/services/operations/get-operation";
import type { OperationView } from "@/lib/services/operations/view";
import { isolate } from "@/lib/ui/bidi-text";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import { methodLabel } from "../method-label";
import { kindOf, STEP_OF } from "../wallet/operation-kinds";
import { STATE_OF } from "../wallet/present-operation";

/** A row of a receipt: the same on its page, on paper, in a PDF and in a message. Names are in {@link isolate}. */
export interface ReceiptLine {
  label: string;
  /** Further lines after a line break: numbers, which aren't cut. */
  value: string;
  /** Emphasised: the total. */
  strong?: boolean;
  /** Where it leads on the page. */
  href?: string;
}

/** A receipt as it is presented: to whom, and whose. */
export interface ReceiptView {
  operation: OperationDetails;
  locale: Locale;
  zone: TimeZone;
  /** The person whose receipt it is: the whole name for that person, first name and initial for others. */
  ownerName: string;
  /** The request for money that it paid; null where there is none, and for others. */
  request: MoneyRequestView | null;
}

/** Every text by its key, in one language, wherever it is asked for: routes know no language of their own. */
export const wordsIn = async (locale: Locale) => await getTranslations({ locale });

type Words = Awaited<ReturnType<typeof wordsIn>>;
type MethodNames = Awaited<ReturnType<typeof getTranslations<"methods">>>;

/** The details of one operation. What must not be shown was taken out of it before (`maskReceipt`). */
export async function receiptLines(view: ReceiptView): Promise<ReceiptLine[]> {
  const { operation, locale, zone, request } = view;
  const [t, methods] = await Promise.all([
    wordsIn(locale),
    getTranslations({ locale, namespace: "methods" }),
  ]);
  const { fee, total, providerReference, note, expiresAt } = operation;
  const isWaiting = operation.status === "in_progress";
  const created = formatDateTimeInZone(operation.createdAt, locale, zone);
  const updated = formatDateTimeInZone(operation.updatedAt, locale, zone);
  const lines: (ReceiptLine | null)[] = [
    { label: t("operation.reference"), value: groupReference(operation.reference) },
    { label: t("operation.kind"), value: t(`kinds.${kindOf(operation)}`) },
    { label: t("operation.state"), value: t(`states.${STATE_OF[operation.status]}`) },
    ...sides(view, t, methods),
    request && {
      label: t("operation.request"),
      value: t("operation.requestOf", { date: formatDate(request.createdAt, locale, zone) }),
      href: localizedPath(locale, `/wallet/requests/${request.id}`),
    },
    note === null ? null : { label: t("operation.note"), value: isolate(note) },
    { label: t("operation.amount"), value: formatMoney(operation.amount, locale) },
    {
      label: t("operation.fee"),
      value: fee.amountMinor === 0n ? t("operation.noFee") : formatMoney(fee, locale),
    },
    ...chargedLines(operation, locale, t),
    ...takenBackLines(operation, locale, t),
    { label: t("operation.inWords"), value: amountInWords(total, locale) },
    { label: t("operation.date"), value: created },
    updated === created ? null : { label: t("operation.updated"), value: updated },
    isWaiting && expiresAt
      ? { label: t("operation.expires"), value: formatDateTimeInZone(expiresAt, locale, zone) }
      : null,
    providerReference ? { label: t("operation.providerReference"), value: providerReference } : null,
  ];
  return lines.filter((line) => line !== null);
}

/** From whom, to whom. */
function sides({ operation, ownerName }: ReceiptView, t: Words, methods: MethodNames): ReceiptLine[] {
  const isIn = operation.direction === "in";
  const mine =
    operation.vault === null
      ? twoLines(ownerName, groupWalletNumber(operation.walletNumber))
      : t("operation.available");
  const other = otherSide(operation, t, methods);
  return [
    { label: t("operation.from"), value: isIn ? other : mine },
    { label: t("operation.to"), value: isIn ? mine : other },
  ];
}

function twoLines(name: string, number: string | null): string {
  return [name === "" ? null : isolate(name), number].filter((line) => line !== null).join("\n");
}

/** The other side of the operation: a phone, a bank account, a person or a vault. */
function otherSide(operation: OperationView, t: Words, methods: MethodNames): string {
  const { counterparty, vault, tontine, bank, phone } = operation;
  if (counterparty) return twoLines(counterparty.name, groupWalletNumber(counterparty.walletNumber));
  if (tontine) return tontineSide(tontine, t);
  // Others don't learn what a vault is called.
  if (vault)
    return vault.name === "" ? t("titles.vault") : t("operation.vault", { vault: isolate(vault.name) });
  if (bank) return twoLines(bank.accountName, `${bank.name} ${bank.accountNumber}`);
  const label = methodLabel(operation, methods);
  return twoLines(label, phone === null ? null : formatPhone(phone));
}

/** A tontine by name, and the turn that it was for; others learn neither. */
function tontineSide({ name, turnNumber }: NonNullable<OperationView["tontine"]>, t: Words): string {
  if (name === "") return t("operation.aTontine");
  if (turnNumber === null) return t("operation.tontine", { tontine: isolate(name) });
  return t("operation.tontineTurn", { tontine: isolate(name), turn: turnNumber });
}

/** What money out has cost its sender: after a refund nothing, with both amounts that add up to it. */
function chargedLines({ direction, status, total }: OperationView, locale: Locale, t: Words): ReceiptLine[] {
  if (direction === "in") return [];
  if (status !== "refunded") {
    return [{ label: t("operation.totalCharged"), value: formatMoney(total, locale), strong: true }];
  }
  const minus = money(-total.amountMinor, total.currency);
  return [
    { label: t("operation.debited"), value: formatSignedMoney(minus, locale) },
    { label: t("operation.refunded"), value: formatSignedMoney(total, locale) },
    { label: t("operation.net"), value: formatMoney(money(0n, total.currency), locale), strong: true },
  ];
}

/** What was taken back of a deposit whose payer got it back, and what is left of it. */
function takenBackLines({ amount, takenBack }: OperationDetails, locale: Locale, t: Words): ReceiptLine[] {
  if (takenBack.amountMinor === 0n) return [];
  const minus = money(-takenBack.amountMinor, takenBack.currency);
  return [
    { label: t("operation.takenBack"), value: formatSignedMoney(minus, locale) },
    { label: t("operation.net"), value: formatMoney(subtract(amount, takenBack), locale), strong: true },
  ];
}

/** A step of an operation in words, and when it was made. */
export interface StepLine extends ReceiptLine {
  at: Date;
}

/** What happened to the operation, and when; nothing where there was a single step. */
export async function stepLines({ operation, locale, zone }: ReceiptView): Promise<StepLine[]> {
  const t = await wordsIn(locale);
  const shown = shownSteps(operation.steps);
  if (shown.length < 2) return [];
  return shown.map(({ state, at }) => ({
    label: t(`steps.${labelOf(operation, state)}`),
    value: formatDateTimeInZone(at, locale, zone),
    at,
  }));
}

/** Without what only concerns the software, and without repetitions: a payout may be submitted several times. */
function shownSteps(steps: readonly OperationStep[]): OperationStep[] {
  const shown = steps.filter(({ state }) => STEP_OF[state] !== null);
  return shown.filter(({ state }, index) => {
    const before = shown[index - 1];
    return before === undefined || STEP_OF[before.state] !== STEP_OF[state];
  });
}

function labelOf({ type }: OperationDetails, state: OperationStep["state"]) {
  if (type === "deposit" && state === "succeeded") return "deposited";
  return STEP_OF[state] ?? "succeeded";
}
