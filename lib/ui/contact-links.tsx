import { getLocale, getTranslations } from "next-intl/server";
import { type Contact, isReachable } from "@/lib/contact";
import { Icon, type IconName } from "./icons";

interface ContactLinksProps {
  contact: Contact;
  /** What the message is about, such as a reference: written into it. */
  about?: string;
}

const digitsOf = (phone: string) => phone.replace(/[^0-9]/g, "");

/** Ways to reach the deployment: telephone, WhatsApp, e-mail, and when somebody answers. */
export async function ContactLinks({ contact, about }: ContactLinksProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("contact")]);
  if (!isReachable(contact)) return <p>{t("none")}</p>;
  const { phone, whatsapp, email, hours } = contact;
  const text = about === undefined ? "" : encodeURIComponent(about);
  return (
    <address className="not-italic">
      <ul className="flex flex-wrap gap-x-5">
        {phone && <Way icon="phone" href={`tel:+${digitsOf(phone)}`} label={t("phone")} shown={phone} />}
        {whatsapp && (
          <Way
            icon="chat"
            href={`https://wa.me/${digitsOf(whatsapp)}${text && `?text=${text}`}`}
            label="WhatsApp"
            shown={`WhatsApp ${whatsapp}`}
          />
        )}
        {email && (
          <Way
            icon="mail"
            href={`mailto:${email}${text && `?subject=${text}`}`}
            label={t("email")}
            shown={email}
          />
        )}
      </ul>
      {hours && <p>{t("hours", { hours: hours[locale] })}</p>}
    </address>
  );
}

function Way({ icon, href, label, shown }: { icon: IconName; href: string; label: string; shown: string }) {
  return (
    <li>
      <a
        href={href}
        title={label}
        className="inline-flex min-h-11 items-center gap-2 underline underline-offset-4"
      >
        <Icon name={icon} className="size-4" />
        {shown}
      </a>
    </li>
  );
}
