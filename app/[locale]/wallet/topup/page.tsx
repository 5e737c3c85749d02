import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { listOrderMethods } from "@/lib/services/operations/list-order-methods";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { requireUserOrRedirect } from "@/lib/web/session";
import { safePage } from "../../safe-page";
import { orderFormProps } from "../order-form-props";
import { TopupForm } from "./topup-form.client";

interface TopupPageProps {
  searchParams: Promise<{ amount?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("topup") };
}

/** Amount, phone and method; then the provider's own payment page. */
export default safePage(async function TopupPage({ searchParams }: TopupPageProps) {
  const locale = await getLocale();
  const user = await requireUserOrRedirect(locale, "/wallet/topup");
  const [t, shell, { amount }] = await Promise.all([
    getTranslations("topup"),
    getTranslations("shell"),
    searchParams,
  ]);
  const form = await orderFormProps({
    methods: listOrderMethods("in", "XOF"),
    phone: user.phone,
    amount: typeof amount === "string" ? amount : undefined,
    labels: { phone: t("phoneLabel"), submit: t("submit") },
  });
  return (
    <PageShell width="form">
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      <TopupForm {...form} />
      <p className="mt-4 text-center text-sm text-muted">{t("next")}</p>
    </PageShell>
  );
});
