import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDate } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import {
  type BookletLine,
  type BookletPayout,
  type BookletView,
  getBooklet,
} from "@/lib/services/tontines/views/get-booklet";
import type { DueState } from "@/lib/services/tontines/views/view";
import { EmptyState } from "@/lib/ui/empty-state";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { DueBadge } from "../../due-badge";
import { formatDue } from "../../format-due";
import { TontinePage } from "../../tontine-page";
import { FileLinks } from "../file-links";
import { Debts, KeptForMe } from "../standing";

interface BookletPageProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineBooklet") };
}

/** My booklet: each of my dues, with every payment of it. */
export default safePage(async function BookletPage({ params }: BookletPageProps) {
  const [{ code }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const booklet = await nullIfNotFound(getBooklet(await currentContext(), code));
  if (!booklet) return missingPage();
  const t = await getTranslations("tontines.booklet");
  const path = localizedPath(locale, `/tontines/${booklet.code}`);
  return (
    <TontinePage tontine={booklet} width="text" title={t("heading")} lead={t("lead")}>
      {booklet.lines.length === 0 ? (
        <EmptyState title={t("empty")} text={t("emptyText")} action={{ href: path, label: t("toGroup") }} />
      ) : (
        <>
          <ReceiptRows
            rows={[
              { label: t("paid"), value: formatMoney(booklet.paid, locale), strong: true },
              { label: t("open"), value: formatMoney(booklet.open, locale) },
              { label: t("receivedTotal"), value: formatMoney(booklet.receivedTotal, locale) },
            ]}
          />
          <Debts code={booklet.code} standing={booklet} />
          <KeptForMe standing={booklet} />
          <FileLinks files={[`${path}/booklet/booklet.pdf`, `${path}/booklet/booklet.csv`]} />
          <Section heading={t("dues")}>
            <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
              {booklet.lines.map((line) => (
                <li key={line.id} className="py-3.5">
                  <Line line={line} booklet={booklet} />
                </li>
              ))}
            </ul>
          </Section>
          <Section heading={t("received")}>
            <Received booklet={booklet} />
          </Section>
        </>
      )}
    </TontinePage>
  );
});

/** What turns paid the viewer, with what of it didn't reach the wallet. */
async function Received({ booklet }: { booklet: BookletView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.booklet")]);
  if (booklet.received.length === 0) return <p className="mt-2 text-muted">{t("nothingReceived")}</p>;
  const parts = (payout: BookletPayout) =>
    (["netted", "kept", "retained"] as const)
      .filter((part) => payout[part].amountMinor > 0n)
      .map((part) => t(`parts.${part}`, { amount: formatMoney(payout[part], locale) }));
  return (
    <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
      {booklet.received.map((payout) => (
        <li key={payout.id} className="py-3">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="font-semibold">{t("potOf", { turn: payout.turn })}</span>
            <span className="font-semibold">{formatMoney(payout.amount, locale)}</span>
          </div>
          <p className="text-sm text-muted">
            {[formatDate(payout.at, locale, booklet.zone), ...parts(payout)].join(" · ")}
          </p>
        </li>
      ))}
    </ul>
  );
}

const BADGE: Partial<Record<BookletLine["state"], DueState>> = {
  paid: "paid",
  repaid: "paid",
  waived: "paid",
  returned: "paid",
  covered: "covered",
  late: "late",
};

async function Line({ line, booklet }: { line: BookletLine; booklet: BookletView }) {
  const [locale, t, due] = await Promise.all([
    getLocale(),
    getTranslations("tontines.booklet"),
    getTranslations("tontines.due"),
  ]);
  const { kind, turn, amount, dueAt, state, payments } = line;
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="min-w-0 font-semibold">{t(`kinds.${kind}`, { turn })}</h2>
        <span className="font-semibold">{formatMoney(amount, locale)}</span>
      </div>
      <div className="mt-1 flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-muted">
          {t("dueOn", { when: await formatDue(dueAt, locale, booklet.zone) })}
        </p>
        <DueBadge
          state={BADGE[state] ?? "awaited"}
          {...((state === "waived" || state === "returned") && { label: due(state) })}
        />
      </div>
      {payments.length > 0 && (
        <ul className="mt-2 text-sm text-muted">
          {payments.map(({ amount: paid, via, by, paidAt, reference }) => (
            <li key={`${via} ${paidAt.toISOString()} ${paid.amountMinor}`}>
              {t("payment", {
                amount: formatMoney(paid, locale),
                day: formatDate(paidAt, locale, booklet.zone),
                via: t(`via.${via}`),
              })}
              {by !== null && (
                <>
                  {" "}
                  {t("by")} <bdi>{by}</bdi>
                </>
              )}
              {reference !== null && (
                <>
                  {" · "}
                  <a
                    href={localizedPath(locale, `/wallet/transactions/${reference}`)}
                    className="inline-flex min-h-11 items-center underline underline-offset-4"
                  >
                    {t("receipt")}
                  </a>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
