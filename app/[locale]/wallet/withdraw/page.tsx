import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { type Money, money } from "@/lib/money/money";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { listBanks } from "@/lib/services/banks/list-banks";
import { listOrderMethods, type OrderMethod } from "@/lib/services/operations/list-order-methods";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../safe-page";
import { CurrencyChoice } from "../currency-choice";
import { nairaFormProps } from "../naira-form-props";
import { orderFormProps } from "../order-form-props";
import { reviewWithdrawal } from "./actions";
import { WithdrawForm } from "./withdraw-form.client";

interface WithdrawPageProps {
  searchParams: Promise<{ amount?: string | string[]; currency?: string | string[] }>;
}

const PATH = "/wallet/withdraw";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("withdraw") };
}

/** Amount, phone and method, or a bank account in naira; then a page to review it on. */
export default safePage(async function WithdrawPage({ searchParams }: WithdrawPageProps) {
  const locale = await getLocale();
  const user = await requireUserOrRedirect(locale, PATH);
  const [t, shell, wallet, query] = await Promise.all([
    getTranslations("withdraw"),
    getTranslations("shell"),
    getWallet(await currentContext()),
    searchParams,
  ]);
  const amount = typeof query.amount === "string" ? query.amount : undefined;
  const outNaira = listOrderMethods("out", "NGN");
  const currency = query.currency === "NGN" && outNaira.length > 0 ? "NGN" : "XOF";
  const balances = wallet.balances.find((each) => each.currency === currency);
  const available = balances?.available ?? money(0n, currency);
  return (
    <PageShell width="form">
      <PageHeading
        title={t("heading")}
        lead={t("availableNow", { balance: formatMoney(available, locale) })}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      {outNaira.length > 0 && <CurrencyChoice current={currency} path={localizedPath(locale, PATH)} />}
      {currency === "NGN" ? (
        <NairaWithdrawal methods={outNaira} amount={amount} available={available} />
      ) : (
        <WithdrawForm
          {...(await orderFormProps({
            methods: listOrderMethods("out", "XOF"),
            phone: user.phone,
            amount,
            available,
            labels: { phone: t("phoneLabel"), submit: t("submit") },
          }))}
        />
      )}
    </PageShell>
  );
});

interface NairaWithdrawalProps {
  methods: OrderMethod[];
  amount: string | undefined;
  available: Money;
}

async function NairaWithdrawal({ methods, amount, available }: NairaWithdrawalProps) {
  const t = await getTranslations("withdraw");
  const banks = await banksIfReachable();
  if (!banks) return <Notice tone="bad">{t("banksUnavailable")}</Notice>;
  const props = await nairaFormProps({
    methods,
    amount,
    available,
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
    submit: t("submit"),
  });
  return <FieldsForm {...props} action={reviewWithdrawal} />;
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
