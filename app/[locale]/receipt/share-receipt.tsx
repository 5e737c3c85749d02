import { getTranslations } from "next-intl/server";
import { formatDate } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { ReceiptLink } from "@/lib/services/receipts/view";
import { ActionForm } from "@/lib/ui/action-form.client";
import { ButtonLink } from "@/lib/ui/button";
import { CopyButton } from "@/lib/ui/copy-button.client";
import { Icon } from "@/lib/ui/icons";
import { Notice } from "@/lib/ui/notice";
import { PrintButton } from "@/lib/ui/print-button.client";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { endReceiptLink, shareReceipt } from "../wallet/transactions/[reference]/actions";
import { receiptAddress } from "./receipt-address";
import type { ReceiptView } from "./receipt-lines";
import { receiptText } from "./receipt-text";

interface ShareReceiptProps {
  /** Masked, since it is passed on. */
  view: ReceiptView;
  links: readonly ReceiptLink[];
  /** What a form has just done. */
  done: "made" | "ended" | null;
}

/** The receipt as a message, a PDF, on paper, and behind a link that verifies it. */
export async function ShareReceipt({ view, links, done }: ShareReceiptProps) {
  const { operation, locale } = view;
  const t = await getTranslations("share");
  const shown = links.find(({ token }) => token !== null);
  const text = await receiptText(view, shown ? receiptAddress(shown, locale) : null);
  const file = localizedPath(locale, `/wallet/transactions/${operation.reference}/receipt.pdf`);
  return (
    <div id="share" className="no-print lg:col-start-1 lg:row-start-2">
      <Section heading={t("heading")}>
        <div className="mt-3 grid gap-2.5">
          {done && (
            <Notice tone="good" live>
              {t(done)}
            </Notice>
          )}
          <ButtonLink
            wide
            variant="secondary"
            href={`https://wa.me/?text=${encodeURIComponent(text)}`}
            rel="noopener noreferrer"
            target="_blank"
          >
            <Icon name="chat" className="size-5" />
            {t("whatsapp")}
          </ButtonLink>
          <CopyButton text={text} words={{ copy: t("copy"), copied: t("copied") }} />
          <ButtonLink wide variant="secondary" href={file} download>
            {t("pdf")}
          </ButtonLink>
          <PrintButton label={t("print")} />
          <p className="text-sm text-muted">{t("text")}</p>
          {links.map((link) => (
            <LiveLink key={link.id} link={link} view={view} />
          ))}
          {!shown && <MakeLink reference={operation.reference} />}
          <p className="text-sm text-muted">{t("pdfText")}</p>
        </div>
      </Section>
    </div>
  );
}

async function MakeLink({ reference }: { reference: string }) {
  const [t, form] = await Promise.all([getTranslations("share"), getTranslations("form")]);
  return (
    <ActionForm name="share-receipt" action={shareReceipt} hidden={{ reference }}>
      <SubmitButton wide variant="secondary" pendingLabel={form("pending")}>
        {t("make")}
      </SubmitButton>
    </ActionForm>
  );
}

async function LiveLink({ link, view }: { link: ReceiptLink; view: ReceiptView }) {
  const { locale, zone, operation } = view;
  const [t, form] = await Promise.all([getTranslations("share"), getTranslations("form")]);
  const date = formatDate(link.expiresAt, locale, zone);
  return (
    <div className="rounded-card border border-line bg-card px-4 py-3">
      <p className="text-sm text-muted">{t(link.token === null ? "linkHidden" : "link", { date })}</p>
      {link.token !== null && (
        <p className="text-sm font-semibold break-all select-all">{receiptAddress(link, locale)}</p>
      )}
      <ActionForm
        name={`end-receipt-link-${link.id}`}
        action={endReceiptLink}
        hidden={{ linkId: link.id, reference: operation.reference }}
      >
        <SubmitButton variant="link" pendingLabel={form("pending")}>
          {t("end")}
        </SubmitButton>
      </ActionForm>
    </div>
  );
}
