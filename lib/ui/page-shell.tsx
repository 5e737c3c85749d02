import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { currentPath } from "@/lib/i18n/current-path";
import { localizedPath, switchPath } from "@/lib/i18n/href";
import { classNames } from "./class-names";
import { CowrieMark } from "./cowrie-mark";
import { Icon } from "./icons";
import { MainNav } from "./main-nav";
import { UnreadBadge } from "./unread-badge";
import { unreadCount } from "./unread-count";

interface PageShellProps {
  children: ReactNode;
  /** `wallet` links the mark to the overview and shows the main pages; `site` is for people who aren't signed in. */
  area?: "site" | "wallet";
  /** `form` is as narrow as a phone on every screen, `text` a page to read; `page` uses the room of a desktop. */
  width?: "form" | "text" | "page";
  /** At the end of the header, where there is room: what a phone needs too stands in the content. */
  headerEnd?: ReactNode;
  /** False on pages in the middle of a payment: a phone then has no bar at the bottom. */
  hasBar?: boolean;
}

const CONTENT = {
  form: "max-w-120",
  text: "max-w-160",
  page: "max-w-160 desk:max-w-none print:max-w-none",
} as const;
const SITE = { form: "max-w-128", text: "max-w-168", page: "max-w-168 desk:max-w-300" } as const;

const HEADER_LINK = "inline-flex min-h-11 items-center px-1.5 text-sm text-muted hover:text-ink desk:px-3";

/** Header with the mark, the main pages and the language; the content. It reads the language of the request itself. */
export async function PageShell(props: PageShellProps) {
  const { children, area = "wallet", width = "page", headerEnd, hasBar = true } = props;
  const [locale, t, path] = await Promise.all([getLocale(), getTranslations("shell"), currentPath()]);
  const other = locale === "fr" ? "en" : "fr";
  const isWallet = area === "wallet";
  return (
    <div
      className={classNames(
        "mx-auto w-full grow px-4 pb-10",
        isWallet
          ? "max-w-168 desk:grid desk:max-w-300 desk:grid-cols-[12.5rem_minmax(0,1fr)] desk:gap-x-10 print:block print:max-w-none print:pb-0"
          : SITE[width],
      )}
    >
      <SkipLink label={t("skip")} />
      <header
        className={classNames(
          "no-print flex min-h-15 flex-wrap items-center justify-between gap-x-3 py-2",
          isWallet &&
            "desk:sticky desk:top-0 desk:flex-col desk:flex-nowrap desk:items-stretch desk:justify-start desk:gap-4 desk:self-start desk:py-5",
        )}
      >
        <a
          href={localizedPath(locale, isWallet ? "/wallet" : "/")}
          aria-label={t(isWallet ? "wallet" : "home")}
          className={classNames(
            "inline-flex min-h-11 items-center gap-2.5 text-lg font-bold tracking-tight",
            isWallet && "desk:px-3",
          )}
        >
          <CowrieMark />
          Cauris
        </a>
        {isWallet && <MainNav hasBar={hasBar} />}
        <div
          className={classNames(
            "flex flex-wrap items-center gap-x-1.5",
            isWallet && "desk:flex-col desk:items-start desk:border-t desk:border-line desk:pt-3",
          )}
        >
          {isWallet && <NoticesLink />}
          <HeaderLink href={localizedPath(locale, "/help")}>{t("help")}</HeaderLink>
          <a href={switchPath(other, path)} hrefLang={other} lang={other} className={HEADER_LINK}>
            {t("switchLanguage")}
          </a>
          {headerEnd && <div className="max-sm:hidden">{headerEnd}</div>}
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className={classNames(
          "outline-none",
          isWallet && "mx-auto w-full desk:mx-0 desk:pt-6",
          CONTENT[width],
        )}
      >
        {children}
      </main>
    </div>
  );
}

/** Where a phone shows the unread count: its bar has no room for another page. */
async function NoticesLink() {
  const [locale, nav, count] = await Promise.all([getLocale(), getTranslations("nav"), unreadCount()]);
  return (
    <a
      href={localizedPath(locale, "/wallet/notices")}
      className="inline-flex min-h-11 min-w-11 items-center justify-center gap-1.5 px-1.5 text-muted hover:text-ink desk:hidden"
    >
      <Icon name="bell" className="size-6" />
      <span className="sr-only">{nav("notices")}</span>
      <UnreadBadge count={count} />
    </a>
  );
}

function SkipLink({ label }: { label: string }) {
  return (
    <a
      href="#main"
      className="no-print absolute -top-20 left-4 z-20 rounded-field bg-card px-4 py-3 font-semibold focus:top-3"
    >
      {label}
    </a>
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
