import { getTranslations } from "next-intl/server";
import { Notice } from "@/lib/ui/notice";
import { LINK_FIELDS } from "./payment-link";

/** What a payment link held and could not be used, one sentence each. */
export async function IgnoredInLink({ fields }: { fields: readonly string[] }) {
  const t = await getTranslations("payLink.ignored");
  return LINK_FIELDS.filter((field) => fields.includes(field)).map((field) => (
    <Notice key={field} tone="waiting">
      {t(field)}
    </Notice>
  ));
}
