import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import type { SummaryView } from "@/lib/services/tontines/views/get-summary";

/** The pages below a group's own: one list, so that a new page is one entry. */
const LINKS = [
  "booklet",
  "mandate",
  "changes",
  "decisions",
  "disputes",
  "members",
  "rules",
  "draw",
  "cashbook",
  "minutes",
  "audit",
  "close",
] as const;

export async function GroupLinks({ tontine }: { tontine: SummaryView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.links")]);
  return (
    <nav aria-label={t("heading")} className="mt-5">
      <ul className="flex flex-wrap gap-x-5">
        {[...LINKS, ...(tontine.isOfficer ? (["meeting"] as const) : [])].map((link) => (
          <li key={link}>
            <a
              href={localizedPath(locale, `/tontines/${tontine.code}/${link}`)}
              className="inline-flex min-h-11 items-center underline underline-offset-4"
            >
              {t(link)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
