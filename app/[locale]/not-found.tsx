import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NotFoundView } from "./not-found-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("titles");
  return { title: t("notFound") };
}

/** What Next renders for `notFound()`. Our pages return `missingPage()` instead, which is visible without JavaScript. */
export default function NotFound() {
  return <NotFoundView />;
}
