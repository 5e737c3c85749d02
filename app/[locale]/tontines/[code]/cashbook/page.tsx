import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { type Cashbook, type CashbookLine, listCashbook } from "@/lib/services/tontines/views/list-cashbook";
import { EmptyState } from "@/lib/ui/empty-state";
import { Notice } from "@/lib/ui/notice";
import { Pager } from "@/lib/ui/pager";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { TontinePage } from "../../tontine-page";
import { FileLinks } from "../file-links";
import { lineTitle } from "./line-title";

interface CashbookPageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

const PAGE = 50;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineCashbook") };
}

/** Every posting of the group, newest first, with what the group held after it. */
export default safePage(async function CashbookPage({ params, searchParams }: CashbookPageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const cursor =
    typeof query.cursor === "string" && /^[1-9]\d{0,9}$/.test(query.cursor) ? { cursor: query.cursor } : {};
  const book = await nullIfNotFound(listCashbook(await currentContext(), { code, limit: PAGE, ...cursor }));
  if (!book) return missingPage();
  const [t, files] = await Promise.all([
    getTranslations("tontineBooks.cashbook"),
    getTranslations("tontineFiles"),
  ]);
  const path = localizedPath(locale, `/tontines/${book.code}/cashbook`);
  const [first] = book.lines;
  if (!first) {
    return (
      <TontinePage tontine={book} width="text" title={t("heading")} lead={t("lead")}>
        <EmptyState
          icon="list"
          title={t("empty")}
          text={t("emptyText")}
          action={{ href: localizedPath(locale, `/tontines/${book.code}`), label: t("toGroup") }}
        />
      </TontinePage>
    );
  }
  return (
    <TontinePage tontine={book} width="text" title={t("heading")} lead={t("lead")}>
      {!cursor.cursor && (
        <ReceiptRows rows={[{ label: t("held"), value: formatMoney(first.balance, locale), strong: true }]} />
      )}
      <ol reversed className="mt-5 divide-y divide-line rounded-card border border-line bg-card px-5">
        {book.lines.map((line) => (
          <li key={line.number} className="py-3">
            <Line line={line} book={book} />
          </li>
        ))}
      </ol>
      <Pager
        label={t("pages")}
        newer={cursor.cursor ? { href: path, label: t("newest") } : undefined}
        older={book.nextCursor ? { href: `${path}?cursor=${book.nextCursor}`, label: t("older") } : undefined}
      />
      {query.pdf !== undefined && <Notice tone="waiting">{files("tooLongForPdf")}</Notice>}
      <FileLinks files={[`${path}/cashbook.pdf`, `${path}/cashbook.csv`]} />
    </TontinePage>
  );
});

const SIGN = { in: "+", out: "−", inside: "" } as const;

async function Line({ line, book }: { line: CashbookLine; book: Cashbook }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.cashbook")]);
  const { amount, balance, direction, member, payer, turn, at, number } = line;
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="min-w-0 font-semibold">{lineTitle(line, t)}</span>
        <span className={direction === "in" ? "ml-auto font-semibold text-good" : "ml-auto font-semibold"}>
          {SIGN[direction]}
          {formatMoney(amount, locale)}
        </span>
      </div>
      <div className="mt-0.5 flex flex-wrap justify-between gap-x-4 text-sm text-muted">
        <span className="min-w-0">
          {t("number", { number })} · {formatDateTime(at, locale, book.zone)}
          {turn !== null && ` · ${t("turn", { turn })}`}
          {member !== null && (
            <>
              {" · "}
              <bdi>{member}</bdi>
            </>
          )}
          {payer !== null && (
            <>
              {" · "}
              {t("paidBy")} <bdi>{payer}</bdi>
            </>
          )}
        </span>
        <span className="ml-auto">{t("balance", { amount: formatMoney(balance, locale) })}</span>
      </div>
    </>
  );
}
