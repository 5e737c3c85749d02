import { getLocale, getTranslations } from "next-intl/server";
import { dayOf } from "@/lib/day-range";
import { formatDay, formatTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { formatSignedMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import { currentContext } from "@/lib/next/current-context";
import { shownBalance } from "@/lib/next/shown-balance";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { VaultDetails, VaultPosting } from "@/lib/services/vaults/get-vault";
import { type OperationDay, type OperationItem, OperationList } from "@/lib/ui/operation-list";
import { Pager } from "@/lib/ui/pager";
import { Section } from "@/lib/ui/section";

/** Deposits into the vault (plus) and withdrawals from it (minus), paged by cursor with plain links. */
export async function VaultHistory({ vault, isFirstPage }: { vault: VaultDetails; isFirstPage: boolean }) {
  const [locale, t, history, { now }] = await Promise.all([
    getLocale(),
    getTranslations("vaults"),
    getTranslations("history"),
    currentContext(),
  ]);
  const path = localizedPath(locale, `/wallet/vaults/${vault.id}`);
  return (
    <Section
      heading={t("history")}
      {...(vault.postings.length > 0 && {
        action: {
          href: localizedPath(locale, `/wallet/statements?vault=${vault.id}`),
          label: t("statement"),
        },
      })}
    >
      {vault.postings.length === 0 ? (
        <p className="mt-2 text-muted">{t("historyEmpty")}</p>
      ) : (
        <OperationList days={await presentPostings(vault.postings, now)} />
      )}
      <Pager
        label={t("historyPages")}
        newer={isFirstPage ? undefined : { href: path, label: history("newer") }}
        older={
          vault.nextCursor
            ? { href: `${path}?cursor=${vault.nextCursor}`, label: history("older") }
            : undefined
        }
      />
    </Section>
  );
}

async function presentPostings(postings: readonly VaultPosting[], now: Date): Promise<OperationDay[]> {
  const [locale, zone, t, kinds, states] = await Promise.all([
    getLocale(),
    viewerTimeZone(),
    getTranslations("vaults"),
    getTranslations("kinds"),
    getTranslations("states"),
  ]);
  const days = new Map<string, { heading: string; operations: OperationItem[] }>();
  for (const { reference, direction, amount, balanceAfter, at } of postings) {
    const key = dayOf(at, zone);
    const day = days.get(key) ?? { heading: formatDay(at, now, locale, zone), operations: [] };
    days.set(key, day);
    const sign = direction === "in" ? 1n : -1n;
    day.operations.push({
      href: localizedPath(locale, `/wallet/transactions/${reference}`),
      icon: direction === "in" ? "top-up" : "withdraw",
      title: kinds(direction === "in" ? "vault_in" : "vault_out"),
      subtitle: t("after", {
        time: formatTime(at, locale, zone),
        balance: await shownBalance(balanceAfter),
      }),
      amount: formatSignedMoney(money(sign * amount.amountMinor, amount.currency), locale),
      direction,
      state: "done",
      stateLabel: states("done"),
    });
  }
  return [...days.values()];
}
