import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatAmount } from "@/lib/money/format-money";
import { type Money, money } from "@/lib/money/money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { shownBalance } from "@/lib/next/shown-balance";
import { listOfferedCurrencies } from "@/lib/services/operations/list-offered-currencies";
import { NOTE_LENGTH_MAX } from "@/lib/services/transfers/check-transfer";
import { getTransferQuote, type TransferQuote } from "@/lib/services/transfers/get-transfer-quote";
import { getWallet, type Wallet } from "@/lib/services/wallets/get-wallet";
import { ButtonLink } from "@/lib/ui/button";
import { Columns } from "@/lib/ui/columns";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import { nullIfNotFound } from "../../null-if-not-found";
import { plainAmount, type ReadLink, readPaymentLink } from "../../payment-link";
import { safePage } from "../../safe-page";
import { CurrencyChoice } from "../currency-choice";
import { MoneyOutNotice } from "../money-out-notice";
import { reviewTransfer } from "./actions";
import { LinkNotices } from "./link-notices";
import { type LinkedRecipient, readLinkedRecipient } from "./linked-recipient";
import { RecentRecipients } from "./recent-recipients";
import { TransferForm } from "./transfer-form.client";
import { transferWords } from "./transfer-words";

interface TransferPageProps {
  searchParams: Promise<Query>;
}

const PATH = "/wallet/transfer";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("transfer") };
}

/**
 * To which wallet, how much; then a page to review it on. `?quote=` fills in what is being edited; `?to=` with the query of a payment
 * link fills in what somebody else proposes.
 */
export default safePage(async function TransferPage({ searchParams }: TransferPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const query = await searchParams;
  const [t, shell, wallet, edited, words] = await Promise.all([
    getTranslations("transfer"),
    getTranslations("shell"),
    getWallet(await currentContext()),
    typeof query.quote === "string"
      ? nullIfNotFound(getTransferQuote(await currentContext(), query.quote))
      : null,
    transferWords(),
  ]);
  const link = readPaymentLink(query);
  const linked = edited ? null : await readLinkedRecipient(query);
  const currency = edited?.amount.currency ?? link.currency;
  const available = availableIn(wallet, currency);
  const { unit, unitFirst } = formatAmount(available, locale);
  return (
    <PageShell>
      <PageHeading
        title={t("heading")}
        lead={t("availableNow", { balance: await shownBalance(available) })}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      <Columns
        side={
          <Section heading={t("receive")}>
            <p className="mt-1 mb-3 text-muted">{t("receiveText")}</p>
            <ReceiptRows rows={[{ label: t("ownNumber"), value: groupWalletNumber(wallet.number) }]} />
            <ButtonLink
              variant="secondary"
              wide
              className="mt-3"
              href={localizedPath(locale, "/wallet/receive")}
            >
              {t("receiveAction")}
            </ButtonLink>
          </Section>
        }
      >
        {linked && <LinkNotices linked={linked} link={link} query={query} />}
        {!linked && !edited && <RecentRecipients currency={currency} />}
        <CurrencyChoice
          currencies={await listOfferedCurrencies(await currentContext())}
          current={currency}
          path={localizedPath(locale, PATH)}
          {...(linked && { query: { to: linked.walletNumber } })}
        />
        <MoneyOutNotice currency={currency} />
        <TransferForm
          name="review-transfer"
          action={reviewTransfer}
          currency={currency}
          unit={unit}
          unitFirst={unitFirst}
          noteLengthMax={NOTE_LENGTH_MAX}
          defaults={edited ? defaultsOf(edited) : linkedDefaults(linked, link)}
          words={words}
        />
      </Columns>
    </PageShell>
  );
});

function availableIn(wallet: Wallet, currency: Money["currency"]): Money {
  const balances = wallet.balances.find((each) => each.currency === currency);
  return balances?.available ?? money(0n, currency);
}

function defaultsOf({ recipient, amount, note }: TransferQuote) {
  return {
    walletNumber: groupWalletNumber(recipient.walletNumber),
    // Written as English does: what `parseAmount` reads back in either language.
    amount: formatAmount(amount, "en").number,
    note: note ?? "",
  };
}

/** What a payment link or a tap on a recent recipient fills in. */
function linkedDefaults(linked: LinkedRecipient | null, { amount, note }: ReadLink) {
  return {
    walletNumber: linked && linked.problem !== "own" ? groupWalletNumber(linked.walletNumber) : "",
    amount: amount ? plainAmount(amount) : "",
    note: note ?? "",
  };
}
