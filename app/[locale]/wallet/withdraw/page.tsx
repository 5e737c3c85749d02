import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { DEFAULT_CURRENCY } from "@/lib/money/currency";
import { money } from "@/lib/money/money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { shownBalance } from "@/lib/next/shown-balance";
import { listBanks } from "@/lib/services/banks/list-banks";
import { findLastMethod } from "@/lib/services/operations/find-last-method";
import { listOfferedCurrencies } from "@/lib/services/operations/list-offered-currencies";
import { listOrderMethods } from "@/lib/services/operations/list-order-methods";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { describeFee } from "@/lib/services/withdrawals/describe-fee";
import { Columns } from "@/lib/ui/columns";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { GoodToKnow } from "@/lib/ui/good-to-know";
import { Notice } from "@/lib/ui/notice";
import { OrderForm } from "@/lib/ui/order-form.client";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../safe-page";
import { CurrencyChoice } from "../currency-choice";
import { amountOfQuery, currencyOfQuery } from "../form-query";
import { MoneyOutNotice } from "../money-out-notice";
import { fieldsOrderProps, type OrderInput, orderFormProps } from "../order-form-props";
import { reviewWithdrawal } from "./actions";

interface WithdrawPageProps {
  searchParams: Promise<Query>;
}

const PATH = "/wallet/withdraw";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("withdraw") };
}

/** Amount, phone and method, or a bank account; then a page to review it on. */
export default safePage(async function WithdrawPage({ searchParams }: WithdrawPageProps) {
  const locale = await getLocale();
  const user = await requireUserOrRedirect(locale);
  const [t, shell, wallet, query] = await Promise.all([
    getTranslations("withdraw"),
    getTranslations("shell"),
    getWallet(await currentContext()),
    searchParams,
  ]);
  const context = await currentContext();
  const currency = currencyOfQuery(query, (each) => listOrderMethods("out", each).length > 0);
  const methods = listOrderMethods("out", currency);
  const asksPhone = methods.every(({ asks }) => asks === "phone");
  const balances = wallet.balances.find((each) => each.currency === currency);
  const available = balances?.available ?? money(0n, currency);
  const lastMethod = await findLastMethod(context, "out");
  const amount = amountOfQuery(query);
  const order = { currency, methods, lastMethod, amount, available, submit: t("submit") };
  return (
    <PageShell>
      <PageHeading
        title={t("heading")}
        lead={t("availableNow", { balance: await shownBalance(available) })}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      <Columns side={<WithdrawFacts />}>
        <CurrencyChoice
          currencies={await listOfferedCurrencies(context, "out")}
          current={currency}
          path={localizedPath(locale, PATH)}
        />
        <MoneyOutNotice currency={currency} />
        {asksPhone ? (
          <OrderForm
            {...(await orderFormProps({ ...order, phone: user.phone, phoneLabel: t("phoneLabel") }))}
            name="review-withdrawal"
            action={reviewWithdrawal}
          />
        ) : (
          <BankWithdrawal {...order} />
        )}
      </Columns>
    </PageShell>
  );
});

async function WithdrawFacts() {
  const [locale, tips] = await Promise.all([getLocale(), getTranslations("tips")]);
  const { basisPoints } = describeFee(DEFAULT_CURRENCY);
  const percent = (Number(basisPoints) / 100).toLocaleString(locale);
  return (
    <GoodToKnow
      heading={tips("heading")}
      facts={[
        { icon: "forward", text: tips("review") },
        { icon: "refund", text: tips("returned") },
        { icon: "info", text: basisPoints === 0n ? tips("free") : tips("fee", { percent }) },
      ]}
      more={{ href: localizedPath(locale, "/fees"), label: tips("more") }}
    />
  );
}

async function BankWithdrawal(order: OrderInput) {
  const t = await getTranslations("withdraw");
  const banks = await banksIfReachable();
  if (!banks) return <Notice tone="bad">{t("banksUnavailable")}</Notice>;
  const props = await fieldsOrderProps({
    ...order,
    fields: [
      {
        name: "bankCode",
        label: t("bank"),
        options: [
          { value: "", label: t("bankChoose") },
          ...banks.map(({ code, name }) => ({ value: code, label: name })),
        ],
      },
      {
        name: "accountNumber",
        label: t("accountNumber"),
        hint: t("accountNumberHint"),
        digits: true,
        maxLength: 20,
      },
    ],
  });
  return <FieldsForm {...props} name="review-withdrawal" action={reviewWithdrawal} />;
}

/** Null while the provider can't be asked. */
async function banksIfReachable(): Promise<Awaited<ReturnType<typeof listBanks>> | null> {
  try {
    return await listBanks(await currentContext());
  } catch (error) {
    if (error instanceof DomainError && error.code === "provider_unavailable") return null;
    throw error;
  }
}
