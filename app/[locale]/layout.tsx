import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { keptForm } from "@/lib/next/form-memory";
import { isDemo, siteContact } from "@/lib/next/site-contact";
import { FormMemoryProvider } from "@/lib/ui/form-memory.client";
import { SiteFooter } from "@/lib/ui/site-footer";
import { parseTheme, THEME_COOKIE } from "@/lib/ui/theme";
import "../globals.css";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations();
  return {
    title: { template: `%s · ${t("site.name")}`, default: t("titles.landing") },
    description: t("site.description"),
    applicationName: t("site.name"),
    icons: { apple: "/apple-touch-icon.png" },
    // Amounts and references look like phone numbers to Safari.
    formatDetection: { telephone: false, email: false, address: false },
  };
}

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#faf7f2" },
    { media: "(prefers-color-scheme: dark)", color: "#12111c" },
  ],
};

/** The document. Reading the cookie keeps every page dynamic, which the nonce of the policy needs. */
export default async function DocumentLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale();
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang={locale} {...(theme !== "system" && { "data-theme": theme })}>
      <body>
        <FormMemoryProvider {...(await keptForm())}>{children}</FormMemoryProvider>
        <SiteFooter contact={siteContact()} isDemo={isDemo()} />
      </body>
    </html>
  );
}
