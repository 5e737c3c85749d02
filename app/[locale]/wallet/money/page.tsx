import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { requireUserOrRedirect } from "@/lib/next/session";
import { Icon, type IconName } from "@/lib/ui/icons";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../safe-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("money") };
}

const ACTIONS = [
  ["topup", "/wallet/topup", "top-up"],
  ["send", "/wallet/transfer", "send"],
  ["receive", "/wallet/receive", "receive"],
  ["withdraw", "/wallet/withdraw", "withdraw"],
  ["requests", "/wallet/requests", "chat"],
  ["vaults", "/wallet/vaults", "vault"],
] as const satisfies readonly (readonly [string, string, IconName])[];

/** Everything that can be done with money, each with one line that says what it is. */
export default safePage(async function MoneyPage() {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const [t, nav] = await Promise.all([getTranslations("money"), getTranslations("nav")]);
  return (
    <PageShell width="form">
      <PageHeading title={t("heading")} lead={t("lead")} />
      <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
        {ACTIONS.map(([action, path, icon]) => (
          <li key={action}>
            <a
              href={localizedPath(locale, path)}
              className="flex items-center gap-3.5 px-4 py-3.5 -outline-offset-4 hover:bg-tint/50"
            >
              <ActionIcon name={icon} />
              <span>
                <span className="block font-semibold">{nav(action)}</span>
                <span className="block text-sm text-muted">{t(action)}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </PageShell>
  );
});

function ActionIcon({ name }: { name: IconName }) {
  return (
    <span className="grid size-11 shrink-0 place-items-center rounded-field bg-tint">
      <Icon name={name} />
    </span>
  );
}
