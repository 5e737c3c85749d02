import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { formatDate, formatDateTimeInZone } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { amountInWords } from "@/lib/money/amount-in-words";
import { subtract } from "@/lib/money/arithmetic";
import { formatMoney, formatSignedMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import { currentContext } from "@/lib/next/current-context";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { formatPhone } from "@/lib/phone";
import { getProfile } from "@/lib/services/identity/users/get-profile";
import { findPaidRequest } from "@/lib/services/money-requests/get-money-request";
import type { OperationDetails } from "@/lib/services/operations/get-operation";
import type { OperationView } from "@/lib/services/operations/view";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import type { ReceiptRow } from "@/lib/ui/receipt-rows";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import { methodLabel } from "../../../method-label";
import { kindOf } from "../../operation-kinds";
import { STATE_OF } from "../../present-operation";

/** A name, and a number that never wraps. */
function twoLines(name: string, number: string | null): ReactNode {
  return (
    <>
      <bdi>{name}</bdi>
      <br />
      {number && <span className="inline-block wrap-anywhere">{number}</span>}
    </>
  );
}

/** The other side of the operation: a phone, a bank account, a person or a vault. */
function otherSide(
  operation: OperationView,
  t: Awaited<ReturnType<typeof getTranslations<"operation">>>,
  methods: Awaited<ReturnType<typeof getTranslations<"methods">>>,
): ReactNode {
  const { counterparty, vault, bank, phone } = operation;
  if (counterparty) return twoLines(counterparty.name, groupWalletNumber(counterparty.walletNumber));
  if (vault) return <BidiText text={t("vault", { vault: isolate(vault.name) })} />;
  if (bank) return twoLines(bank.accountName, `${bank.name} ${bank.accountNumber}`);
  return twoLines(methodLabel(operation, methods), phone === null ? null : formatPhone(phone));
}

/** What money out has cost its sender: after a refund nothing, with both amounts that add up to it. */
function chargedRows(
  { direction, status, total }: OperationView,
  locale: Locale,
  t: Awaited<ReturnType<typeof getTranslations<"operation">>>,
): ReceiptRow[] {
  if (direction === "in") return [];
  if (status !== "refunded") {
    return [{ label: t("totalCharged"), value: formatMoney(total, locale), strong: true }];
  }
  const minus = money(-total.amountMinor, total.currency);
  return [
    { label: t("debited"), value: formatSignedMoney(minus, locale) },
    { label: t("refunded"), value: formatSignedMoney(total, locale) },
    { label: t("net"), value: formatMoney(money(0n, total.currency), locale), strong: true },
  ];
}

/** What was taken back of a deposit whose payer got it back, and what is left of it. */
function takenBackRows(
  { amount, takenBack }: OperationDetails,
  locale: Locale,
  t: Awaited<ReturnType<typeof getTranslations<"operation">>>,
): ReceiptRow[] {
  if (takenBack.amountMinor === 0n) return [];
  const minus = money(-takenBack.amountMinor, takenBack.currency);
  return [
    { label: t("takenBack"), value: formatSignedMoney(minus, locale) },
    { label: t("net"), value: formatMoney(subtract(amount, takenBack), locale), strong: true },
  ];
}

/** The details of one operation as its owner sees them: nothing is masked. */
export async function receiptRows(operation: OperationDetails, locale: Locale): Promise<ReceiptRow[]> {
  const [t, kinds, methods, states] = await Promise.all([
    getTranslations("operation"),
    getTranslations("kinds"),
    getTranslations("methods"),
    getTranslations("states"),
  ]);
  const context = await currentContext();
  const [profile, zone, request] = await Promise.all([
    getProfile(context),
    viewerTimeZone(),
    operation.type === "transfer" ? findPaidRequest(context, operation.reference) : null,
  ]);
  const isIn = operation.direction === "in";
  const { fee, total, providerReference, note, expiresAt } = operation;
  const isWaiting = operation.status === "in_progress";
  const mine =
    operation.vault === null
      ? twoLines(`${profile.firstName} ${profile.lastName}`, groupWalletNumber(profile.walletNumber))
      : t("available");
  const other = otherSide(operation, t, methods);
  const created = formatDateTimeInZone(operation.createdAt, locale, zone);
  const updated = formatDateTimeInZone(operation.updatedAt, locale, zone);
  const rows: (ReceiptRow | null)[] = [
    { label: t("reference"), value: operation.reference },
    { label: t("kind"), value: kinds(kindOf(operation)) },
    { label: t("state"), value: states(STATE_OF[operation.status]) },
    { label: t("from"), value: isIn ? other : mine },
    { label: t("to"), value: isIn ? mine : other },
    request && {
      label: t("request"),
      value: (
        <a
          href={localizedPath(locale, `/wallet/requests/${request.id}`)}
          className="underline underline-offset-4"
        >
          {t("requestOf", { date: formatDate(request.createdAt, locale, zone) })}
        </a>
      ),
    },
    note === null ? null : { label: t("note"), value: <bdi>{note}</bdi> },
    { label: t("amount"), value: formatMoney(operation.amount, locale) },
    { label: t("fee"), value: fee.amountMinor === 0n ? t("noFee") : formatMoney(fee, locale) },
    ...chargedRows(operation, locale, t),
    ...takenBackRows(operation, locale, t),
    { label: t("inWords"), value: amountInWords(total, locale) },
    { label: t("date"), value: created },
    updated === created ? null : { label: t("updated"), value: updated },
    isWaiting && expiresAt
      ? { label: t("expires"), value: formatDateTimeInZone(expiresAt, locale, zone) }
      : null,
    providerReference ? { label: t("providerReference"), value: providerReference } : null,
  ];
  return rows.filter((row) => row !== null);
}
