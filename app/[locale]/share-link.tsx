import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/lib/ui/button";
import { CopyButton } from "@/lib/ui/copy-button.client";
import { Icon } from "@/lib/ui/icons";

interface ShareLinkProps {
  label: string;
  /** Absolute. */
  url: string;
  /** The whole message, with the link in it. */
  text: string;
}

/** A link to hand on: as text to select, by WhatsApp, or copied where the browser can. */
export async function ShareLink({ label, url, text }: ShareLinkProps) {
  const t = await getTranslations("receive");
  return (
    <div className="mt-4 grid gap-2.5">
      <p className="text-sm text-muted">{label}</p>
      <p className="-mt-1.5 text-sm font-semibold break-all select-all">{url}</p>
      <ButtonLink
        wide
        href={`https://wa.me/?text=${encodeURIComponent(text)}`}
        rel="noopener noreferrer"
        target="_blank"
      >
        <Icon name="chat" className="size-5" />
        {t("share")}
      </ButtonLink>
      <CopyButton text={url} words={{ copy: t("copyLink"), copied: t("copiedLink") }} />
    </div>
  );
}
