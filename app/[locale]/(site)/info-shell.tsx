import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { currentUser } from "@/lib/next/session";
import { siteContact } from "@/lib/next/site-contact";
import { Card } from "@/lib/ui/card";
import { Columns } from "@/lib/ui/columns";
import { ContactLinks } from "@/lib/ui/contact-links";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { Section } from "@/lib/ui/section";

/** A page that explains the service, for anybody; the contact stands at its end. Who is signed in keeps the wallet's navigation. */
export async function InfoShell(props: { title: string; lead?: string; children: ReactNode }) {
  const [user, t] = await Promise.all([currentUser(), getTranslations("contact")]);
  return (
    <PageShell area={user ? "wallet" : "site"} width="page">
      <PageHeading title={props.title} lead={props.lead} />
      <Columns
        wide="content"
        side={
          <Section heading={t("heading")}>
            <Card className="mt-3 px-5 py-3">
              <ContactLinks contact={siteContact()} />
            </Card>
          </Section>
        }
      >
        {props.children}
      </Columns>
    </PageShell>
  );
}

/** A heading and its text. */
export function TextPart({ title, text }: { title: string; text: string }) {
  return (
    <section className="mt-6">
      <h2 className="text-lg font-bold">{title}</h2>
      <p className="mt-1">{text}</p>
    </section>
  );
}
