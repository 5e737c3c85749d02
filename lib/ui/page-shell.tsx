import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { currentPath } from "@/lib/i18n/current-path";
import { localizedPath, switchPath } from "@/lib/i18n/href";
import { classNames } from "./class-names";
import { CowrieMark } from "./cowrie-mark";

interface PageShellProps {
  children: ReactNode;
  /** `wallet` links the mark to the overview and shows the account; `site` is for people who aren't signed in. */
  area?: "site" | "wallet";
  /** `form` is as narrow as a phone on every screen; `page` is wider on a desktop. */
  width?: "form" | "page";
  /** At the end of the header, instead of the account link. */
  headerEnd?: ReactNode;
  /** Above the content, below the header: for example that this is a demonstration. */
  banner?: ReactNode;
}

const WIDTH = { form: "max-w-120", page: "max-w-160" } as const;

const HEADER_LINK = "inline-flex min-h-11 items-center px-1.5 text-sm text-muted hover:text-ink";

/** Header with the mark, language and account; one column of content. It reads the language of the request itself. */
export async function PageShell({
  children,
  area = "wallet",
  width = "page",
  headerEnd,
  banner,
}: PageShellProps) {
  const [locale, t, path] = await Promise.all([getLocale(), getTranslations("shell"), currentPath()]);
  const other = locale === "fr" ? "en" : "fr";
  const home = localizedPath(locale, area === "wallet" ? "/wallet" : "/");
  return (
    <div className={classNames("mx-auto px-4 pb-12", WIDTH[width])}>
      <a
        href="#main"
        className="absolute -top-20 left-4 z-10 rounded-field bg-card px-4 py-3 font-semibold focus:top-3"
      >
        {t("skip")}
      </a>
      <header className="no-print flex min-h-15 items-center justify-between gap-3 py-2">
        <a
          href={home}
          aria-label={t(area === "wallet" ? "wallet" : "home")}
          className="inline-flex min-h-11 items-center gap-2.5 text-lg font-bold tracking-tight"
        >
          <CowrieMark />
          Cauris
        </a>
        <div className="flex items-center gap-1.5">
          <a href={switchPath(other, path)} hrefLang={other} lang={other} className={HEADER_LINK}>
            {t("switchLanguage")}
          </a>
          {headerEnd ??
            (area === "wallet" && (
              <a href={localizedPath(locale, "/wallet/settings")} className={HEADER_LINK}>
                {t("account")}
              </a>
            ))}
        </div>
      </header>
      {banner}
      <main id="main" tabIndex={-1} className="outline-none">
        {children}
      </main>
    </div>
  );
}

/** A link for {@link PageShell}'s `headerEnd`, in the header's own look. */
export function HeaderLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} className={HEADER_LINK}>
      {children}
    </a>
  );
}
