import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { safePage } from "../../safe-page";
import { LegalPage } from "../legal-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("terms") };
}

export default safePage(async function TermsPage() {
  return <LegalPage document="terms" />;
});
