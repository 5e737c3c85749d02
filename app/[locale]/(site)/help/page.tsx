import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Card } from "@/lib/ui/card";
import { Disclosure } from "@/lib/ui/disclosure";
import { Section } from "@/lib/ui/section";
import { safePage } from "../../safe-page";
import { InfoShell } from "../info-shell";

const QUESTIONS = ["pending", "withdrawal", "mistake", "pin", "safety", "reference", "seal"] as const;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("help") };
}

/** Whom to ask, and the questions that are asked most; statements lead to `#seal`. */
export default safePage(async function HelpPage() {
  const t = await getTranslations("help");
  return (
    <InfoShell title={t("heading")} lead={t("lead")}>
      <Section heading={t("questionsHeading")}>
        <Card className="mt-3">
          {QUESTIONS.map((question) => (
            <div key={question} id={question} className="border-line not-first:border-t">
              <Disclosure summary={t(`questions.${question}.title`)}>
                <p>{t(`questions.${question}.text`)}</p>
              </Disclosure>
            </div>
          ))}
        </Card>
      </Section>
    </InfoShell>
  );
});
