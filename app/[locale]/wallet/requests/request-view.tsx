import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { formatDateTimeInZone } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { siteUrl } from "@/lib/next/site-url";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { MoneyRequestView } from "@/lib/services/money-requests/view";
import { ActionForm } from "@/lib/ui/action-form.client";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { ButtonLink } from "@/lib/ui/button";
import { Card } from "@/lib/ui/card";
import { Columns } from "@/lib/ui/columns";
import { Disclosure } from "@/lib/ui/disclosure";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { QrCode } from "@/lib/ui/qr-code";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import { ShareLink } from "../../share-link";
import { blockAsker, cancelRequest, declineRequest, reviewRequest } from "./actions";
import { RequestBadge } from "./request-badge";

interface RequestViewProps {
  request: MoneyRequestView;
  /** The token of the link that it was opened by; empty for the requester and the named payer. */
  token: string;
  /** What was just done. */
  notice?: ReactNode;
}

/** A request as the one who asks and the one who pays see it, with what each can do about it. */
export async function RequestView({ request, token, notice }: RequestViewProps) {
  const [locale, t, shell] = await Promise.all([
    getLocale(),
    getTranslations("requests"),
    getTranslations("shell"),
  ]);
  const { isMine, requester, status } = request;
  const amount = formatMoney(request.amount, locale);
  const title = isMine ? (
    t("mine.heading")
  ) : (
    <BidiText text={t("theirs.heading", { name: isolate(requester.name), amount })} />
  );
  const ended = status === "expired" && isMine ? "mineExpired" : status;
  return (
    <>
      <PageHeading
        title={title}
        {...(!isMine && status === "open" && { lead: t("theirs.lead") })}
        back={{ href: localizedPath(locale, "/wallet/requests"), label: shell("back") }}
      />
      {notice}
      <Columns side={isMine && status === "open" && <Sharing request={request} amount={amount} />}>
        {ended !== "open" && (
          <Notice tone={ended === "paid" ? "good" : "waiting"}>{t(`ended.${ended}`)}</Notice>
        )}
        <ReceiptRows rows={await rowsOf(request)} />
        {request.paymentReference && (
          <ButtonLink
            wide
            variant="secondary"
            className="mt-4"
            href={localizedPath(locale, `/wallet/transactions/${request.paymentReference}`)}
          >
            {t("seePayment")}
          </ButtonLink>
        )}
        {isMine ? (
          <MyActions request={request} />
        ) : (
          <TheirActions request={request} token={token} amount={amount} />
        )}
      </Columns>
    </>
  );
}

async function rowsOf(request: MoneyRequestView): Promise<ReceiptRow[]> {
  const [locale, t, zone] = await Promise.all([getLocale(), getTranslations("requests"), viewerTimeZone()]);
  const { isMine, requester, payer, note } = request;
  const other = isMine ? payer : requester;
  return [
    { label: t("amount"), value: formatMoney(request.amount, locale), strong: true },
    {
      label: t(isMine ? "to" : "from"),
      value: other ? <bdi>{`${other.name} · ${groupWalletNumber(other.walletNumber)}`}</bdi> : t("anybody"),
    },
    ...(note === null ? [] : [{ label: t("note"), value: <bdi className="break-words">{note}</bdi> }]),
    { label: t("state"), value: <RequestBadge status={request.status} /> },
    { label: t("made"), value: formatDateTimeInZone(request.createdAt, locale, zone) },
    ...(request.status === "open"
      ? [{ label: t("until"), value: formatDateTimeInZone(request.expiresAt, locale, zone) }]
      : []),
  ];
}

/** The link and its code, while our secret can still make them. */
async function Sharing({ request: { token, payer }, amount }: { request: MoneyRequestView; amount: string }) {
  if (token === null) return null;
  const [t, site] = await Promise.all([getTranslations("requests.mine"), getTranslations("site")]);
  const url = siteUrl(`/r/${token}`);
  return (
    <Card className="mt-7 px-5 py-5 text-center lg:mt-0">
      {payer && <p className="mb-3 text-muted">{t("told")}</p>}
      <QrCode text={url} label={t("qr")} className="mx-auto w-full max-w-64 rounded-field" />
      <ShareLink
        label={t("link")}
        url={url}
        text={t("shareText", { amount, site: site("name"), link: url })}
      />
    </Card>
  );
}

async function MyActions({ request: { id, status } }: { request: MoneyRequestView }) {
  if (status !== "open") return null;
  const [t, form] = await Promise.all([getTranslations("requests.mine"), getTranslations("form")]);
  return (
    <div className="mt-5">
      <ActionForm name="cancel-request" action={cancelRequest} hidden={{ requestId: id }}>
        <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
          {t("cancel")}
        </SubmitButton>
      </ActionForm>
    </div>
  );
}

interface TheirActionsProps extends RequestViewProps {
  amount: string;
}

async function TheirActions({ request: { id, status, payer }, token, amount }: TheirActionsProps) {
  const [t, form] = await Promise.all([getTranslations("requests.theirs"), getTranslations("form")]);
  const hidden = { requestId: id, token };
  return (
    <div className="mt-5 grid gap-3">
      {status === "open" && (
        <ActionForm name="review-request" action={reviewRequest} hidden={hidden}>
          <SubmitButton wide pendingLabel={form("pending")}>
            {t("pay", { amount })}
          </SubmitButton>
        </ActionForm>
      )}
      {status === "open" && payer && (
        <ActionForm name="decline-request" action={declineRequest} hidden={hidden}>
          <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
            {t("decline")}
          </SubmitButton>
        </ActionForm>
      )}
      <div className="rounded-card border border-line bg-card">
        <Disclosure summary={t("unwanted")}>
          <p className="mb-3 text-muted">{t("blockText")}</p>
          <ActionForm name="block-requester" action={blockAsker} hidden={hidden}>
            <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
              {t("block")}
            </SubmitButton>
          </ActionForm>
        </Disclosure>
      </div>
    </div>
  );
}
