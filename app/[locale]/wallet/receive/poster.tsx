import { getLocale, getTranslations } from "next-intl/server";
import { formatMoney } from "@/lib/money/format-money";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { CowrieMark } from "@/lib/ui/cowrie-mark";
import { QrCode } from "@/lib/ui/qr-code";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import type { PaymentLink } from "../../payment-link";

interface PosterProps {
  /** As a payer sees it before they pay. */
  name: string;
  walletNumber: string;
  link: PaymentLink;
  url: string;
}

/** What the page prints: one sheet for a market stall, black on white, which fits A5 and fills A4. */
export async function Poster({ name, walletNumber, link, url }: PosterProps) {
  const [locale, t, site] = await Promise.all([
    getLocale(),
    getTranslations("receive"),
    getTranslations("site"),
  ]);
  const words = { site: site("name") };
  return (
    <div
      className="poster hidden bg-white pt-[2mm] text-center text-[2.7vw] text-black print:block"
      aria-hidden="true"
    >
      <p className="flex items-center justify-center gap-[0.5em] text-[1.6em] font-bold">
        <CowrieMark />
        {t("sheet.heading", words)}
      </p>
      <p className="mt-[0.4em] text-[1.8em] font-bold wrap-anywhere">
        <BidiText text={t("sheet.name", { name: isolate(name) })} />
      </p>
      {link.amount && <p className="text-[2em] font-bold">{formatMoney(link.amount, locale)}</p>}
      <QrCode text={url} label={t("qr")} className="mx-auto w-[68vw] max-w-[125mm]" />
      <p className="text-[1em]">{t("sheet.number")}</p>
      <p className="text-[2.2em] leading-tight font-bold tracking-wide">{groupWalletNumber(walletNumber)}</p>
      <ol className="mx-auto mt-[0.8em] w-fit list-decimal space-y-[0.2em] pl-[1.4em] text-left text-[1.15em]">
        <li>{t("sheet.scan")}</li>
        <li>{t("sheet.check")}</li>
        <li>{t("sheet.pay")}</li>
      </ol>
      <p className="mt-[0.8em] text-[1em]">{t("sheet.without", words)}</p>
    </div>
  );
}
