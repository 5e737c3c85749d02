import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getChangeChoices } from "@/lib/services/tontines/views/get-change-choices";
import { isolate } from "@/lib/ui/bidi-text";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { safePage } from "../../../../safe-page";
import { PinGate } from "../../../../wallet/pin-confirmation";
import { formWords } from "../../../../wallet/vaults/field-words";
import { proposePlace } from "../../../change-actions";
import { formatDue } from "../../../format-due";
import { TontinePage } from "../../../tontine-page";

interface HandoverPageProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineHandover") };
}

/** Offers one's place, to a member or to whoever is given a link. */
export default safePage(async function HandoverPage({ params }: HandoverPageProps) {
  const [{ code }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const choices = await nullIfNotFound(getChangeChoices(await currentContext(), code));
  if (!choices) return missingPage();
  const [t, pin] = await Promise.all([getTranslations("tontineChanges.handover"), getTranslations("pin")]);
  const { mine, members, zone } = choices;
  const places = await Promise.all(
    mine.map(async ({ holderId, turn, arrears }) => ({
      holderId,
      label: t("place", { number: turn.number, when: await formatDue(turn.dueAt, locale, zone) }),
      arrears: formatMoney(arrears, locale),
    })),
  );
  return (
    <TontinePage tontine={choices} width="form" title={t("heading")} lead={t("lead")}>
      {places.length === 0 ? (
        <Notice tone="waiting">{t("none")}</Notice>
      ) : (
        <>
          <ReceiptRows
            rows={places.map(({ label, arrears }) => ({ label, value: t("owes", { arrears }) }))}
          />
          <div className="mt-4">
            <Notice>{t("means")}</Notice>
            <PinGate path={`/tontines/${choices.code}/changes/handover`}>
              <FieldsForm
                id="place"
                name="offer-handover"
                action={proposePlace}
                hidden={{
                  code: choices.code,
                  ...(places.length === 1 && { holderId: places[0]?.holderId ?? "" }),
                }}
                fields={[
                  ...(places.length > 1
                    ? [
                        {
                          name: "holderId",
                          label: t("which"),
                          options: places.map(({ holderId, label }) => ({ value: holderId, label })),
                          value: places[0]?.holderId ?? "",
                        },
                      ]
                    : []),
                  {
                    name: "toMemberId",
                    label: t("to"),
                    options: [
                      { value: "", label: t("byLink") },
                      ...members.map(({ id, name }) => ({ value: id, label: isolate(name) })),
                    ],
                  },
                  { name: "pin", label: pin("label"), hint: pin("hint"), kind: "pin" as const },
                ]}
                words={await formWords(t("submit"))}
              />
            </PinGate>
          </div>
        </>
      )}
    </TontinePage>
  );
});
