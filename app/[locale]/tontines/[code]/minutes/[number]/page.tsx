import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDate } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getMinutes, type MinutesView } from "@/lib/services/tontines/views/get-minutes";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { Notice } from "@/lib/ui/notice";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { safePage } from "../../../../safe-page";
import { minutesWords } from "../../../files/minutes-words";
import { TontinePage } from "../../../tontine-page";
import { LastSeal } from "../../audit/last-seal";
import { FileLinks } from "../../file-links";
import { TurnDues } from "../../turns/[number]/turn-dues";

interface MinutesPageProps {
  params: Promise<{ code: string; number: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineMinutes") };
}

/** The minutes of a turn, made from the books: who has paid, what was paid out, fines and changes; with their hash. */
export default safePage(async function MinutesPage({ params }: MinutesPageProps) {
  const [{ code, number }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const wanted = /^[1-9]\d{0,3}$/.test(number) ? Number(number) : 0;
  const minutes = await nullIfNotFound(getMinutes(await currentContext(), { code, number: wanted }));
  if (!minutes) return missingPage();
  const t = await getTranslations("tontineBooks.minutes");
  const path = localizedPath(locale, `/tontines/${minutes.code}/minutes/${minutes.turn.number}`);
  return (
    <TontinePage
      tontine={{ code: minutes.code, name: minutes.tontine }}
      width="text"
      title={t("heading", { turn: minutes.turn.number })}
      lead={t("lead")}
    >
      <Notice tone={minutes.isFinal ? "good" : "waiting"}>{t(minutes.isFinal ? "final" : "notFinal")}</Notice>
      <ReceiptRows rows={(await minutesWords(minutes, locale)).summary} />
      <FileLinks files={[`${path}/minutes.pdf`, `${path}/minutes.csv`]} />
      <Section heading={t("roll")}>
        <TurnDues turn={{ dues: minutes.roll, state: minutes.turn.state, zone: minutes.zone }} />
      </Section>
      <Section heading={t("payouts")}>
        <Payouts minutes={minutes} />
      </Section>
      <Section heading={t("fines")}>
        <Fines minutes={minutes} />
      </Section>
      <Section heading={t("changes")}>
        <Changes minutes={minutes} />
      </Section>
      <Section heading={t("seal")}>
        <p className="mt-2 text-sm text-muted">
          {t("hash")} <code className="wrap-anywhere">{minutes.hash}</code>
        </p>
        <LastSeal seal={minutes.seal} zone={minutes.zone} />
      </Section>
    </TontinePage>
  );
});

const CARD = "mt-3 divide-y divide-line rounded-card border border-line bg-card px-5";

async function Payouts({ minutes }: { minutes: MinutesView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.minutes")]);
  const words = await minutesWords(minutes, locale);
  if (minutes.payouts.length === 0) return <p className="mt-2 text-muted">{t("noPayout")}</p>;
  return (
    <ul className={CARD}>
      {minutes.payouts.map((payout) => (
        <li key={payout.id} className="py-3">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <bdi className="min-w-0 font-semibold">{payout.receiver}</bdi>
            <span className="font-semibold">{formatMoney(payout.amount, locale)}</span>
          </div>
          <p className="text-sm text-muted">
            <BidiText text={words.payout(payout, isolate)} />
          </p>
        </li>
      ))}
    </ul>
  );
}

async function Fines({ minutes }: { minutes: MinutesView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.minutes")]);
  const { count, total, shown } = minutes.fines;
  return (
    <>
      <p className="mt-2">{t("fineCount", { count, amount: formatMoney(total, locale) })}</p>
      {shown.length > 0 && (
        <ul className={CARD}>
          {shown.map(({ id, name, isMe, amount }) => (
            <li key={id} className="flex flex-wrap justify-between gap-x-4 py-3">
              <span className="min-w-0">{isMe ? t("you") : <bdi>{name}</bdi>}</span>
              <span className="font-semibold">{formatMoney(amount, locale)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

async function Changes({ minutes }: { minutes: MinutesView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.minutes")]);
  if (minutes.changes.length === 0) return <p className="mt-2 text-muted">{t("noChange")}</p>;
  return (
    <ul className={CARD}>
      {minutes.changes.map(({ id, at, kind, member }) => (
        <li key={id} className="flex flex-wrap justify-between gap-x-4 py-3">
          <span className="min-w-0">
            {t(`kinds.${kind}`)}
            {member !== null && (
              <>
                {" · "}
                <bdi>{member}</bdi>
              </>
            )}
          </span>
          <span className="text-sm text-muted">{formatDate(at, locale, minutes.zone)}</span>
        </li>
      ))}
    </ul>
  );
}
