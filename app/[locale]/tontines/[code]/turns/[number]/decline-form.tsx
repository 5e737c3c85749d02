import { getTranslations } from "next-intl/server";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { formWords } from "../../../../wallet/vaults/field-words";
import { putOffTurn } from "../../../office-actions";

/** Leaves one's turn for after all others. */
export async function DeclineForm({ hidden }: { hidden: { code: string; turn: string; turnId: string } }) {
  const [t, pin] = await Promise.all([getTranslations("tontineBooks.turn"), getTranslations("pin")]);
  return (
    <FieldsForm
      id="decline"
      name="decline-turn"
      action={putOffTurn}
      hidden={hidden}
      variant="secondary"
      fields={[{ name: "pin", label: pin("label"), kind: "pin" }]}
      note={<p className="mb-3 text-muted">{t("declineText")}</p>}
      words={await formWords(t("decline"))}
    />
  );
}
