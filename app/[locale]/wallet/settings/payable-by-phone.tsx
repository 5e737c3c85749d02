import { getTranslations } from "next-intl/server";
import type { Profile } from "@/lib/services/identity/users/get-profile";
import { ChoiceForm } from "@/lib/ui/choice-form.client";
import { savePayableByPhone } from "./actions";

/** Whether others may send money by the person's phone number; without a verified one the choice waits for it. */
export async function PayableByPhone({ profile }: { profile: Profile }) {
  const [t, form] = await Promise.all([getTranslations("settings.payable"), getTranslations("form")]);
  return (
    <div className="mt-5">
      <ChoiceForm
        name="save-payable-by-phone"
        action={savePayableByPhone}
        field="payableByPhone"
        label={t("label")}
        choices={[
          { value: "yes", label: t("yes") },
          { value: "no", label: t("no") },
        ]}
        selected={profile.isPayableByPhone ? "yes" : "no"}
        submit={t("submit")}
        pending={form("pending")}
      />
      {!profile.isPhoneVerified && <p className="mt-2 text-sm text-muted">{t("unverified")}</p>}
    </div>
  );
}
