import { getTranslations } from "next-intl/server";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { formWords } from "../../../../wallet/vaults/field-words";
import { refuse } from "../../../office-actions";

const REASON_LENGTH_MAX = 140;

/** Refuses a payout, with a reason that all members read. */
export async function RefuseForm({ hidden }: { hidden: { code: string; payoutId: string } }) {
  const [t, pin] = await Promise.all([getTranslations("tontineBooks.payout"), getTranslations("pin")]);
  return (
    <FieldsForm
      id="refuse"
      name="refuse-payout"
      action={refuse}
      hidden={hidden}
      variant="secondary"
      fields={[
        { name: "reason", label: t("reasonLabel"), hint: t("reasonHint"), maxLength: REASON_LENGTH_MAX },
        { name: "pin", label: pin("label"), kind: "pin" },
      ]}
      words={await formWords(t("refuseSubmit"))}
    />
  );
}
