import { getTranslations } from "next-intl/server";

/** More are shown as this with a plus. */
const SHOWN_MAX = 99;

/** The number of unread notices beside their link; nothing when all were read. */
export async function UnreadBadge({ count }: { count: number }) {
  if (count === 0) return null;
  const t = await getTranslations("nav");
  const shown = count > SHOWN_MAX ? `${SHOWN_MAX}+` : String(count);
  return (
    <span className="rounded-full bg-ochre px-1.5 py-0.5 desk:-ml-1.5 text-xs font-bold text-ochre-ink">
      <span aria-hidden="true">{shown}</span>
      <span className="sr-only">{t("unread", { count })}</span>
    </span>
  );
}
