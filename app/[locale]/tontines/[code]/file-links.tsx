import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/lib/ui/button";

/** Buttons that download files of a page: a PDF where there is one, and a table for spreadsheets. */
export async function FileLinks({ files }: { files: readonly string[] }) {
  const t = await getTranslations("tontineFiles");
  return (
    <div className="mt-5 grid gap-2.5 @lg:grid-cols-2">
      {files.map((href) => (
        <ButtonLink key={href} wide variant="secondary" href={href}>
          {t(href.endsWith(".pdf") ? "pdf" : "csv")}
        </ButtonLink>
      ))}
    </div>
  );
}
