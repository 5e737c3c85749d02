import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { missingPage } from "../missing-page";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("titles");
  return { title: t("notFound"), robots: { index: false } };
}

/** Every address that no other page answers, so that the 404 is ours and in the person's language. */
export default function UnknownPage() {
  return missingPage();
}
