import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { siteUrl } from "./site-url";

const IMAGE = { path: "/link-preview.png", width: 1200, height: 630 } as const;

/**
 * What messengers show of a link that somebody sends: a title, a sentence and our mark (https://ogp.me). Whoever sees a conversation
 * sees it: it names nobody and no amount.
 */
export async function linkPreview(title: string, description: string): Promise<Metadata> {
  const [locale, site] = await Promise.all([getLocale(), getTranslations("site")]);
  const { path, width, height } = IMAGE;
  const siteName = site("name");
  return {
    description,
    openGraph: {
      type: "website",
      siteName,
      locale: locale === "fr" ? "fr_FR" : "en_GB",
      title,
      description,
      images: [{ url: siteUrl(path), width, height, alt: siteName }],
    },
    twitter: { card: "summary_large_image" },
  };
}
