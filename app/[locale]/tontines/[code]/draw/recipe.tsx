import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import type { DrawView } from "@/lib/services/tontines/views/get-draw";
import { CopyButton } from "@/lib/ui/copy-button.client";
import { Notice } from "@/lib/ui/notice";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { CheckDraw } from "./check-draw.client";

/** The sheet as it was frozen, its check digits, and what is waited for. */
export async function FrozenSheet({
  draw,
  sheet,
}: {
  draw: DrawView;
  sheet: NonNullable<DrawView["sheet"]>;
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDraw")]);
  const at = (time: Date) => formatDateTime(time, locale, draw.zone);
  const from = sheet.lotto
    ? t("fromLotto", { name: sheet.lotto.name, day: sheet.lotto.day })
    : t("fromRound", { round: String(sheet.round) });
  return (
    <>
      {!draw.result && (
        <Notice tone="waiting" title={t("drawnOn", { time: at(sheet.drawsAt) })}>
          {t(sheet.lotto ? "thenLotto" : "thenRound")}
        </Notice>
      )}
      {!draw.result && sheet.problem && <Notice tone="waiting">{t(`problem.${sheet.problem}`)}</Notice>}
      <Section heading={t("sheet")} className="mt-5">
        <p className="mt-1 mb-3 text-muted">{t("sheetText")}</p>
        <Line text={sheet.text} />
        <div className="mt-3">
          <ReceiptRows
            rows={[
              { label: t("digits"), value: <code>{sheet.digits}</code>, strong: true },
              { label: t("frozenOn"), value: at(sheet.frozenAt) },
              { label: t("randomnessFrom"), value: from },
            ]}
          />
        </div>
      </Section>
    </>
  );
}

/** A line to copy into any SHA-256 page. */
async function Line({ text }: { text: string }) {
  const t = await getTranslations("tontineDraw");
  return (
    <>
      <code className="mb-2.5 block rounded-field border border-line bg-card px-3.5 py-2.5 text-sm wrap-anywhere">
        {text}
      </code>
      <CopyButton text={text} words={{ copy: t("copy"), copied: t("copied") }} />
    </>
  );
}

interface RecipeProps {
  draw: DrawView;
  result: NonNullable<DrawView["result"]>;
}

/** How the order follows from sheet and randomness: checked by the browser, and by hand in three lines. */
export async function Recipe({ draw, result }: RecipeProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDraw")]);
  const { sheet } = draw;
  if (!sheet) return null;
  const first = draw.shares[0];
  const lines = [
    { text: sheet.text, says: t("recipe.sheet", { digits: sheet.digits }) },
    { text: `${sheet.text}|${result.randomness}`, says: t("recipe.seed", { seed: result.seed }) },
    { text: `${result.seed}:1`, says: t("recipe.key", { key: first?.key ?? "" }) },
  ];
  return (
    <>
      <Section heading={t("check")}>
        <div className="mt-3">
          <CheckDraw
            sheet={sheet.text}
            digits={sheet.digits}
            randomness={result.randomness}
            order={result.order}
            words={{ right: t("right"), wrong: t("wrong") }}
          />
          {result.laterRound !== null && (
            <Notice>
              {t("laterRound", { round: String(sheet.round), later: String(result.laterRound) })}
            </Notice>
          )}
          {result.laterDay !== null && <Notice>{t("laterDay", { day: result.laterDay })}</Notice>}
          <ReceiptRows
            rows={[
              { label: t("randomness"), value: <code className="text-sm">{result.randomness}</code> },
              { label: t("drawn"), value: formatDateTime(result.drawnAt, locale, draw.zone) },
            ]}
          />
          {result.url && (
            <p className="mt-1">
              <a
                href={result.url}
                rel="noreferrer"
                className="inline-flex min-h-11 items-center underline underline-offset-4"
              >
                {t("source")}
              </a>
            </p>
          )}
        </div>
      </Section>
      <Section heading={t("recipe.heading")}>
        <p className="mt-1 text-muted">{t("recipe.text")}</p>
        <ol className="mt-3 list-decimal space-y-4 pl-5">
          {lines.map(({ text, says }) => (
            <li key={text} className="min-w-0">
              <Line text={text} />
              <p className="mt-2 text-sm wrap-anywhere">{says}</p>
            </li>
          ))}
        </ol>
        <p className="mt-3 text-muted">{t("recipe.sort")}</p>
      </Section>
    </>
  );
}
