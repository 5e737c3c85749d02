import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import { listOrderMethods } from "@/lib/services/operations/list-order-methods";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { currentContext } from "@/lib/web/current-context";
import { requireUserOrRedirect } from "@/lib/web/session";
import { safePage } from "../../safe-page";
import { orderFormProps } from "../order-form-props";
import { WithdrawForm } from "./withdraw-form.client";

interface WithdrawPageProps {
  searchParams: Promise<{ amount?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("withdraw") };
}

/** Amount, phone and method; then a page to review it on. */
export default safePage(async function WithdrawPage({ searchParams }: WithdrawPageProps) {
  const locale = await getLocale();
  const user = await requireUserOrRedirect(locale, "/wallet/withdraw");
  const [t, shell, wallet, { amount }] = await Promise.all([
    getTranslations("withdraw"),
    getTranslations("shell"),
    getWallet(await currentContext()),
    searchParams,
  ]);
  const available = wallet.balances.find(({ currency }) => currency === "XOF")?.available ?? money(0n, "XOF");
  const form = await orderFormProps({
    methods: listOrderMethods("out", "XOF"),
    phone: user.phone,
    amount: typeof amount === "string" ? amount : undefined,
    available,
    labels: { phone: t("phoneLabel"), submit: t("submit") },
  });
  return (
    <PageShell width="form">
      <PageHeading
        title={t("heading")}
        lead={t("availableNow", { balance: formatMoney(available, locale) })}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      <WithdrawForm {...form} />
    </PageShell>
  );
});
