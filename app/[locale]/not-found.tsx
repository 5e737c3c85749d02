import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NotFoundView } from "./not-found-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("titles");
  return { title: t("notFound") };
}

/** Where Next's own `notFound()` ends. Pages return `missingPage()` instead, which needs no JavaScript to be seen. */
export default function NotFound() {
  return <NotFoundView />;
}
