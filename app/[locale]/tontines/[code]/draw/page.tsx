import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { type DrawView, getDraw } from "@/lib/services/tontines/views/get-draw";
import { Notice } from "@/lib/ui/notice";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { TontinePage } from "../../tontine-page";
import { DrawDone } from "./draw-done";
import { ChooseOrder, FreezeForms, LottoForms, NumberForm } from "./draw-forms";
import { DrawShares } from "./draw-shares";
import { FrozenSheet, Recipe } from "./recipe";

interface DrawPageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineDraw") };
}

/** The draw of the order: numbers and sheet, the randomness, the order with its recipe, which the page checks in the browser. */
export default safePage(async function DrawPage({ params, searchParams }: DrawPageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const draw = await nullIfNotFound(getDraw(await currentContext(), code));
  if (!draw) return missingPage();
  const t = await getTranslations("tontineDraw");
  const isDrawn = draw.method === "draw";
  return (
    <TontinePage
      tontine={draw}
      width="text"
      title={t("heading")}
      lead={t(isDrawn ? (draw.result ? "leadDrawn" : "lead") : "leadFixed")}
    >
      <DrawDone done={query.done} />
      {isDrawn && <Stage draw={draw} />}
      {isDrawn && (
        <Section heading={t(draw.result ? "order" : "shares")}>
          <DrawShares draw={draw} />
        </Section>
      )}
      {draw.result && <Recipe draw={draw} result={draw.result} />}
      {draw.may.choose && <ChooseOrder draw={draw} />}
      {!isDrawn && !draw.may.choose && (
        <a
          href={localizedPath(locale, `/tontines/${draw.code}/rules`)}
          className="inline-flex min-h-11 items-center underline underline-offset-4"
        >
          {t("toRules")}
        </a>
      )}
    </TontinePage>
  );
});

/** What there is to do or to wait for now. */
async function Stage({ draw }: { draw: DrawView }) {
  const t = await getTranslations("tontineDraw");
  if (draw.sheet) {
    return (
      <>
        <FrozenSheet draw={draw} sheet={draw.sheet} />
        <LottoForms draw={draw} sheet={draw.sheet} />
      </>
    );
  }
  const isAgreed = draw.state === "agreed";
  return (
    <>
      <Notice tone="waiting">
        {t(isAgreed ? (draw.may.freeze ? "chairFreezes" : "waitsForChair") : "waitsForSignatures")}
      </Notice>
      <NumberForm draw={draw} />
      <FreezeForms draw={draw} />
    </>
  );
}
