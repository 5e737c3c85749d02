import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { requireUserOrRedirect } from "@/lib/next/session";
import { listOrderMethods, type OrderMethod } from "@/lib/services/operations/list-order-methods";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../safe-page";
import { CurrencyChoice } from "../currency-choice";
import { methodLabel } from "../method-label";
import { nairaFormProps } from "../naira-form-props";
import { orderFormProps } from "../order-form-props";
import { startTopup } from "./actions";
import { TopupForm } from "./topup-form.client";

interface TopupPageProps {
  searchParams: Promise<{ amount?: string | string[]; currency?: string | string[] }>;
}

const PATH = "/wallet/topup";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("topup") };
}

/** Amount, phone and method; then the provider's own payment page. In naira the provider asks the rest itself. */
export default safePage(async function TopupPage({ searchParams }: TopupPageProps) {
  const locale = await getLocale();
  const user = await requireUserOrRedirect(locale, PATH);
  const [t, shell, query] = await Promise.all([
    getTranslations("topup"),
    getTranslations("shell"),
    searchParams,
  ]);
  const amount = typeof query.amount === "string" ? query.amount : undefined;
  const inNaira = listOrderMethods("in", "NGN");
  const isNaira = query.currency === "NGN" && inNaira.length > 0;
  return (
    <PageShell width="form">
      <PageHeading
        title={t("heading")}
        lead={t(isNaira ? "leadNaira" : "lead")}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      {inNaira.length > 0 && (
        <CurrencyChoice current={isNaira ? "NGN" : "XOF"} path={localizedPath(locale, PATH)} />
      )}
      {isNaira ? (
        <NairaTopup methods={inNaira} amount={amount} />
      ) : (
        <TopupForm
          {...(await orderFormProps({
            methods: listOrderMethods("in", "XOF"),
            phone: user.phone,
            amount,
            labels: { phone: t("phoneLabel"), submit: t("submit") },
          }))}
        />
      )}
      <p className="mt-4 text-center text-sm text-muted">{t(isNaira ? "nextNaira" : "next")}</p>
    </PageShell>
  );
});

async function NairaTopup({ methods, amount }: { methods: OrderMethod[]; amount: string | undefined }) {
  const [t, form, names] = await Promise.all([
    getTranslations("topup"),
    getTranslations("form"),
    getTranslations("methods"),
  ]);
  const options = methods.map(({ method, name }) => ({
    value: method,
    label: methodLabel({ method, methodName: name }, names),
  }));
  const props = await nairaFormProps({
    methods,
    amount,
    fields: [{ name: "method", label: form("method"), hint: t("methodHint"), methods: options }],
    submit: t("submit"),
  });
  return <FieldsForm {...props} action={startTopup} />;
}
