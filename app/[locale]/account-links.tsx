import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { withNext } from "@/lib/next/next-path";
import { ButtonLink } from "@/lib/ui/button";

interface AccountLinksProps {
  /** The path of the page that both lead back to, without its language. */
  here: string;
  /** What most people who get such a link need. */
  first: "signIn" | "signUp";
}

/** Sign-in and sign-up below what a link shows to somebody who isn't signed in, and what Cauris is. */
export async function AccountLinks({ here, first }: AccountLinksProps) {
  const [locale, t, site] = await Promise.all([
    getLocale(),
    getTranslations("payLink"),
    getTranslations("site"),
  ]);
  const linkTo = (action: "signIn" | "signUp") => (
    <ButtonLink
      key={action}
      wide
      variant={action === first ? "primary" : "secondary"}
      href={withNext(localizedPath(locale, action === "signIn" ? "/sign-in" : "/sign-up"), here)}
    >
      {t(action)}
    </ButtonLink>
  );
  return (
    <>
      <div className="grid gap-2.5">
        {(first === "signIn" ? (["signIn", "signUp"] as const) : (["signUp", "signIn"] as const)).map(linkTo)}
      </div>
      <p className="mt-5 text-muted">{t("what", { site: site("name") })}</p>
    </>
  );
}
