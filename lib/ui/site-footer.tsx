import { getLocale, getTranslations } from "next-intl/server";
import type { Contact } from "@/lib/contact";
import { localizedPath } from "@/lib/i18n/href";
import { ContactLinks } from "./contact-links";

const PAGES = ["help", "fees", "terms", "privacy"] as const;

/** At the foot of every page: whom to ask, and the pages that explain the service. */
export async function SiteFooter({ contact, isDemo }: { contact: Contact; isDemo: boolean }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("footer")]);
  return (
    <footer className="no-print border-t border-line px-4 pt-4 pb-24 text-sm text-muted desk:pb-6">
      <div className="mx-auto max-w-160 desk:flex desk:max-w-292 desk:flex-wrap desk:items-start desk:justify-between desk:gap-x-10">
        <ContactLinks contact={contact} />
        <nav aria-label={t("label")}>
          <ul className="flex flex-wrap gap-x-5">
            {PAGES.map((page) => (
              <li key={page}>
                <a
                  href={localizedPath(locale, `/${page}`)}
                  className="inline-flex min-h-11 items-center underline underline-offset-4"
                >
                  {t(page)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {isDemo && <p>{t("demo")}</p>}
      </div>
    </footer>
  );
}
