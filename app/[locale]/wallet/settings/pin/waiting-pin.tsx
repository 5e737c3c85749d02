import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { ActionForm } from "@/lib/ui/action-form.client";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { cancelReset, keepPin } from "./actions";

/** While a new PIN waits: when it is the person's, and how to keep the old one. */
export async function WaitingPin({ effectiveAt }: { effectiveAt: Date }) {
  const [locale, t, form, zone] = await Promise.all([
    getLocale(),
    getTranslations("pin"),
    getTranslations("form"),
    viewerTimeZone(),
  ]);
  return (
    <>
      <Notice tone="waiting">{t("waiting", { until: formatDateTime(effectiveAt, locale, zone) })}</Notice>
      <Section heading={t("remembered")}>
        <p className="mt-1 mb-3 text-muted">{t("rememberedText")}</p>
        <FieldsForm
          id="keep"
          name="keep-pin"
          action={keepPin}
          hidden={{}}
          variant="secondary"
          fields={[{ name: "pin", label: t("old"), kind: "pin" }]}
          words={{ submit: t("keepOld"), pending: form("pending"), amountReasons: {} }}
        />
      </Section>
      <Section heading={t("notMe")}>
        <p className="mt-1 mb-3 text-muted">{t("notMeText")}</p>
        <ActionForm name="cancel-pin-reset" action={cancelReset}>
          <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
            {t("notMeSubmit")}
          </SubmitButton>
        </ActionForm>
      </Section>
    </>
  );
}
