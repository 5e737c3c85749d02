import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getGuaranteeChoices } from "@/lib/services/tontines/views/get-change-choices";
import { isolate } from "@/lib/ui/bidi-text";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { safePage } from "../../../../safe-page";
import { unitOf } from "../../../../wallet/amount-field-props";
import { formWords } from "../../../../wallet/vaults/field-words";
import { askGuarantee } from "../../../change-actions";
import { TontinePage } from "../../../tontine-page";

interface GuaranteePageProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineGuarantee") };
}

/** Asks a member to answer for one's contributions up to a sum. */
export default safePage(async function GuaranteePage({ params }: GuaranteePageProps) {
  const [{ code }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const choices = await nullIfNotFound(getGuaranteeChoices(await currentContext(), code));
  if (!choices) return missingPage();
  const t = await getTranslations("tontineChanges.guarantee");
  const { members, isPossible, hasOne, currency } = choices;
  const problem = hasOne ? "hasOne" : !isPossible ? "notNow" : members.length === 0 ? "nobody" : null;
  return (
    <TontinePage tontine={choices} width="form" title={t("heading")} lead={t("lead")}>
      {problem === null ? (
        <FieldsForm
          id="guarantee"
          name="offer-guarantee"
          action={askGuarantee}
          hidden={{ code: choices.code }}
          fields={[
            {
              name: "guarantorId",
              label: t("who"),
              options: members.map(({ id, name }) => ({ value: id, label: isolate(name) })),
            },
            { name: "amount", label: t("amount"), hint: t("amountHint"), amountOf: await unitOf(currency) },
          ]}
          note={<Notice>{t("means")}</Notice>}
          words={await formWords(t("submit"))}
        />
      ) : (
        <Notice tone="waiting">{t(`problem.${problem}`)}</Notice>
      )}
    </TontinePage>
  );
});
