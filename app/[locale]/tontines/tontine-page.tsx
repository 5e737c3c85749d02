import { getLocale } from "next-intl/server";
import type { ComponentProps, ReactNode } from "react";
import { localizedPath } from "@/lib/i18n/href";
import { isolate } from "@/lib/ui/bidi-text";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";

interface TontinePageProps extends Pick<ComponentProps<typeof PageShell>, "width" | "hasBar"> {
  tontine: { code: string; name: string };
  title: ReactNode;
  lead?: ReactNode;
  children: ReactNode;
}

/** A page below a group's own: it names the group and leads back to it. */
export async function TontinePage({ tontine, title, lead, children, ...shell }: TontinePageProps) {
  const back = localizedPath(await getLocale(), `/tontines/${tontine.code}`);
  return (
    <PageShell {...shell}>
      <PageHeading
        title={title}
        {...(lead !== undefined && { lead })}
        back={{ href: back, label: isolate(tontine.name) }}
      />
      {children}
    </PageShell>
  );
}
