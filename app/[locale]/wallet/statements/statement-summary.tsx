import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { shownBalance } from "@/lib/next/shown-balance";
import type { StatementSummary as Summary } from "@/lib/services/statements/get-statement";
import { STATEMENT_FORMATS, type StatementInput } from "@/lib/services/statements/schema";
import { statementQuery } from "@/lib/services/statements/statement-query";
import { ActionForm } from "@/lib/ui/action-form.client";
import { isolate } from "@/lib/ui/bidi-text";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { requestStatement } from "./actions";
import { longDay } from "./file-list";

interface StatementSummaryProps {
  statement: Summary;
  input: StatementInput;
  now: Date;
}

/** The balances of a statement, and its files. */
export async function StatementSummary({ statement, input, now }: StatementSummaryProps) {
  const [t, from, to] = await Promise.all([
    getTranslations("statements"),
    longDay(statement.subject.range.from),
    longDay(statement.subject.range.to),
  ]);
  const heading = from === to ? t("summaryDay", { day: from }) : t("summary", { from, to });
  const name = statement.vaultName;
  return (
    <Section
      heading={name === null ? heading : `${t("vault", { name: isolate(name) })} · ${heading}`}
      className="mt-0"
    >
      <div className="mt-3">
        <ReceiptRows rows={await rowsOf(statement, now)} />
      </div>
      <Files statement={statement} input={input} />
      {name === null && <HistoryLink input={input} />}
    </Section>
  );
}

async function HistoryLink({ input }: { input: StatementInput }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("statements")]);
  return (
    <a
      href={localizedPath(locale, "/wallet/transactions") + statementQuery(input)}
      className="mt-2 inline-flex min-h-11 items-center text-link underline underline-offset-4"
    >
      {t("inHistory")}
    </a>
  );
}

async function rowsOf(statement: Summary, now: Date): Promise<ReceiptRow[]> {
  const { opening, closing, reserved, totals, lineCount, subject } = statement;
  const t = await getTranslations("statements");
  const isOver = subject.range.before <= now;
  const rows = [
    { label: t("opening"), value: await shownBalance(opening) },
    ...(totals === null
      ? []
      : [
          { label: t("in"), value: await shownBalance(totals.totalIn) },
          { label: t("out"), value: await shownBalance(totals.totalOut) },
        ]),
    { label: t(isOver ? "closing" : "closingNow"), value: await shownBalance(closing), strong: true },
    ...(reserved === null || reserved.amountMinor === 0n
      ? []
      : [{ label: t("reserved"), value: await shownBalance(reserved) }]),
    { label: t("lines"), value: lineCount.toString() },
  ];
  return rows;
}

async function Files({ statement, input }: Omit<StatementSummaryProps, "now">) {
  const [locale, t, form] = await Promise.all([
    getLocale(),
    getTranslations("statements"),
    getTranslations("form"),
  ]);
  const { delivery } = statement;
  const query = statementQuery(input);
  const { currency, vault = "", from = "", to = "" } = input;
  const path = localizedPath(locale, "/wallet/statements/download");
  const byWorker = STATEMENT_FORMATS.filter((format) => delivery[format] === "by_worker");
  return (
    <div className="mt-4 grid gap-2">
      {STATEMENT_FORMATS.filter((format) => delivery[format] === "at_once").map((format) => (
        <ButtonLink
          key={format}
          variant={format === "pdf" ? "primary" : "secondary"}
          href={`${path}${query}&format=${format}`}
        >
          {t(`formats.${format}`)}
        </ButtonLink>
      ))}
      {delivery.pdf === "too_long" && <Notice>{t("tooLong")}</Notice>}
      {byWorker.length > 0 && <p className="text-muted">{t("prepareText")}</p>}
      {byWorker.map((format) => (
        <ActionForm
          key={format}
          name="request-statement"
          action={requestStatement}
          hidden={{ format, currency, from, to, ...(vault === "" ? {} : { vault }) }}
        >
          <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
            {t(`prepare.${format}`)}
          </SubmitButton>
        </ActionForm>
      ))}
    </div>
  );
}
