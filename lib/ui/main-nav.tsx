import { getLocale, getTranslations } from "next-intl/server";
import { currentPath } from "@/lib/i18n/current-path";
import { localizedPath } from "@/lib/i18n/href";
import { classNames } from "./class-names";
import { Icon, type IconName } from "./icons";
import { UnreadBadge } from "./unread-badge";
import { unreadCount } from "./unread-count";

interface Destination {
  path: string;
  label:
    | "home"
    | "tontines"
    | "topup"
    | "send"
    | "receive"
    | "withdraw"
    | "vaults"
    | "history"
    | "notices"
    | "account";
  icon: IconName;
  /** The bar of a phone has no room for it: the overview leads to it. */
  isOnlyInColumn?: true;
}

const DESTINATIONS: readonly Destination[] = [
  { path: "/wallet", label: "home", icon: "home" },
  { path: "/tontines", label: "tontines", icon: "tontine" },
  { path: "/wallet/topup", label: "topup", icon: "top-up", isOnlyInColumn: true },
  { path: "/wallet/transfer", label: "send", icon: "send", isOnlyInColumn: true },
  { path: "/wallet/receive", label: "receive", icon: "receive", isOnlyInColumn: true },
  { path: "/wallet/withdraw", label: "withdraw", icon: "withdraw", isOnlyInColumn: true },
  { path: "/wallet/vaults", label: "vaults", icon: "vault", isOnlyInColumn: true },
  { path: "/wallet/transactions", label: "history", icon: "list" },
  { path: "/wallet/notices", label: "notices", icon: "bell", isOnlyInColumn: true },
  { path: "/wallet/settings", label: "account", icon: "user" },
];

/** Pages that belong to a destination whose address theirs doesn't begin with. */
const BELONGS_TO: Readonly<Record<string, string>> = {
  "/wallet/balance": "/wallet/transactions",
  "/wallet/keys": "/wallet/settings",
  "/wallet/money": "/wallet",
  "/wallet/requests": "/wallet/receive",
  "/wallet/statements": "/wallet/transactions",
  "/join": "/tontines",
  "/take-over": "/tontines",
};

const isBelow = (path: string, parent: string) => path === parent || path.startsWith(`${parent}/`);

/** The destination that `path` belongs to in the column, and in the bar. */
function destinationsOf(path: string): readonly string[] {
  const moved = Object.entries(BELONGS_TO).find(([page]) => isBelow(path, page));
  const address = moved ? moved[1] : path;
  const found = DESTINATIONS.find((each) => each.path !== "/wallet" && isBelow(address, each.path));
  if (!found) return address === "/wallet" ? ["/wallet"] : [];
  // The overview leads to what the bar has no room for, but not to the notices: their link is in the header.
  const isListed = found.isOnlyInColumn && found.label !== "notices";
  return isListed ? [found.path, "/wallet"] : [found.path];
}

const LINK = classNames(
  "flex min-h-11 items-center text-muted hover:text-ink aria-[current]:text-link",
  "flex-col justify-center gap-0.5 px-1 py-1.5 text-xs font-semibold",
  "desk:flex-row desk:justify-start desk:gap-3 desk:rounded-field desk:px-3 desk:text-base",
  "desk:hover:bg-tint desk:aria-[current]:bg-indigo desk:aria-[current]:text-white",
);

interface MainNavProps {
  /** False on a page in the middle of a payment: on a phone, a thumb must not leave it by mistake. */
  hasBar: boolean;
}

/** The wallet's main pages: a bar at the bottom of a phone, a column beside the content from 900 px on. Plain links. */
export async function MainNav({ hasBar }: MainNavProps) {
  const [locale, t, path, unread] = await Promise.all([
    getLocale(),
    getTranslations("nav"),
    currentPath(),
    unreadCount(),
  ]);
  const [pathname = ""] = path.split("?");
  const here = destinationsOf(pathname.replace(/(?<=.)\/+$/, ""));
  return (
    <nav
      aria-label={t("label")}
      className={classNames(
        "bottom-bar max-desk:@container fixed inset-x-0 bottom-0 z-10 border-t border-line bg-card pb-[env(safe-area-inset-bottom)]",
        "desk:static desk:border-0 desk:bg-transparent desk:pb-0",
        !hasBar && "hidden desk:block",
      )}
    >
      {/* Two rows without icons where the text is twice as large. */}
      <ul className="mx-auto grid max-w-120 grid-cols-4 @max-[18rem]:grid-cols-2 desk:mx-0 desk:max-w-none desk:grid-cols-1 desk:gap-1">
        {DESTINATIONS.map(({ path: to, label, icon, isOnlyInColumn }) => (
          <li key={to} className={classNames(isOnlyInColumn && "hidden desk:block")}>
            <a
              href={localizedPath(locale, to)}
              {...(here.includes(to) && {
                "aria-current": to === pathname ? ("page" as const) : ("true" as const),
              })}
              className={LINK}
            >
              <Icon name={icon} className="size-6 @max-[18rem]:hidden desk:size-5" />
              {t(label)}
              {label === "notices" && <UnreadBadge count={unread} />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
