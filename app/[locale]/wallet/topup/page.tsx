import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { findLastMethod } from "@/lib/services/operations/find-last-method";
import { listOfferedCurrencies } from "@/lib/services/operations/list-offered-currencies";
import { listOrderMethods } from "@/lib/services/operations/list-order-methods";
import { Columns } from "@/lib/ui/columns";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { GoodToKnow } from "@/lib/ui/good-to-know";
import { OrderForm } from "@/lib/ui/order-form.client";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { methodLabel } from "../../method-label";
import { safePage } from "../../safe-page";
import { CurrencyChoice } from "../currency-choice";
import { amountOfQuery, currencyOfQuery } from "../form-query";
import { fieldsOrderProps, lastFirst, type OrderInput, orderFormProps } from "../order-form-props";
import { startTopup } from "./actions";

interface TopupPageProps {
  searchParams: Promise<Query>;
}

const PATH = "/wallet/topup";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("topup") };
}

/** Amount, phone and method; then the provider's own payment page. Where a method asks no phone, that page asks the rest. */
export default safePage(async function TopupPage({ searchParams }: TopupPageProps) {
  const locale = await getLocale();
  const user = await requireUserOrRedirect(locale);
  const [t, shell, query] = await Promise.all([
    getTranslations("topup"),
    getTranslations("shell"),
    searchParams,
  ]);
  const context = await currentContext();
  const currency = currencyOfQuery(query, (each) => listOrderMethods("in", each).length > 0);
  const methods = listOrderMethods("in", currency);
  const asksPhone = methods.every(({ asks }) => asks === "phone");
  const lastMethod = await findLastMethod(context, "in");
  const order = { currency, methods, lastMethod, amount: amountOfQuery(query), submit: t("submit") };
  return (
    <PageShell>
      <PageHeading
        title={t("heading")}
        lead={t(asksPhone ? "lead" : "leadOnPage")}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      <Columns side={<TopupFacts asksPhone={asksPhone} />}>
        <CurrencyChoice
          currencies={await listOfferedCurrencies(context, "in")}
          current={currency}
          path={localizedPath(locale, PATH)}
        />
        {asksPhone ? (
          <OrderForm
            {...(await orderFormProps({ ...order, phone: user.phone, phoneLabel: t("phoneLabel") }))}
            name="start-topup"
            action={startTopup}
          />
        ) : (
          <PaymentPageTopup {...order} />
        )}
      </Columns>
    </PageShell>
  );
});

async function TopupFacts({ asksPhone }: { asksPhone: boolean }) {
  const [locale, t, tips] = await Promise.all([
    getLocale(),
    getTranslations("topup"),
    getTranslations("tips"),
  ]);
  return (
    <GoodToKnow
      heading={tips("heading")}
      facts={[
        { icon: "forward", text: t(asksPhone ? "next" : "nextOnPage") },
        { icon: "check", text: tips("unpaid") },
        { icon: "info", text: tips("free") },
      ]}
      more={{ href: localizedPath(locale, "/fees"), label: tips("more") }}
    />
  );
}

/** The provider's page asks who pays; here it is only asked how. */
async function PaymentPageTopup(order: OrderInput) {
  const [t, form, names] = await Promise.all([
    getTranslations("topup"),
    getTranslations("form"),
    getTranslations("methods"),
  ]);
  const methods = lastFirst(order.methods, order.lastMethod);
  const options = methods.map(({ method, name }) => ({
    value: method,
    label: methodLabel({ method, methodName: name }, names),
  }));
  const props = await fieldsOrderProps({
    ...order,
    fields: [
      {
        name: "method",
        label: form("method"),
        hint: t("methodHint"),
        methods: options,
        ...(options.some(({ value }) => value === order.lastMethod) && { value: order.lastMethod ?? "" }),
      },
    ],
  });
  return <FieldsForm {...props} name="start-topup" action={startTopup} />;
}
