import { getTranslations } from "next-intl/server";
import { ActionForm } from "@/lib/ui/action-form.client";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { cancelTopup } from "./actions";

/** The button that gives up an unpaid top-up. */
export async function CancelTopup({ reference }: { reference: string }) {
  const [t, form] = await Promise.all([getTranslations("topup.wait"), getTranslations("form")]);
  return (
    <ActionForm name="cancel-topup" action={cancelTopup} hidden={{ reference }}>
      <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
        {t("cancel")}
      </SubmitButton>
    </ActionForm>
  );
}
