import { getLocale, getTranslations } from "next-intl/server";
import type { PaymentView } from "@/lib/services/tontines/views/get-payment";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Section } from "@/lib/ui/section";
import { formWords } from "../../../wallet/vaults/field-words";
import { putOffContribution } from "../../actions";
import { formatDue } from "../../format-due";

/** Puts the viewer's contribution off, where the rules allow it once a cycle. */
export async function Extension({ payment }: { payment: PaymentView }) {
  const [locale, t, pin] = await Promise.all([
    getLocale(),
    getTranslations("tontines.extension"),
    getTranslations("pin"),
  ]);
  if (!payment.extension) return null;
  const { dueId, until } = payment.extension;
  return (
    <Section heading={t("heading")}>
      <FieldsForm
        id="extend"
        name="extend-due"
        action={putOffContribution}
        hidden={{ code: payment.code, dueId }}
        variant="secondary"
        fields={[{ name: "pin", label: pin("label"), kind: "pin" }]}
        note={
          <p className="mb-3 text-muted">
            {t("text", { when: await formatDue(until, locale, payment.zone) })}
          </p>
        }
        words={await formWords(t("submit"))}
      />
    </Section>
  );
}
