import { getLocale, getTranslations } from "next-intl/server";
import { type LegalDocument, readLegalText, type TextBlock } from "@/lib/next/legal-text";
import { siteContact } from "@/lib/next/site-contact";
import { InfoShell, TextPart } from "./info-shell";

const TERMS = ["money", "final", "failures", "account", "fees", "complaints"] as const;
const PRIVACY = ["what", "who", "howLong", "cookies", "rights"] as const;

/** The deployment's own text where it has one, else the default one. */
export async function LegalPage({ document }: { document: LegalDocument }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("legal")]);
  const own = await readLegalText(document, locale);
  const { operator } = siteContact();
  return (
    <InfoShell
      title={t(`${document}.heading`)}
      lead={operator === null ? t("noOperator") : t("operator", { operator })}
    >
      {own === null ? (
        <DefaultText document={document} />
      ) : (
        own.map((block) => <Block key={block.lines[0]} {...block} />)
      )}
    </InfoShell>
  );
}

async function DefaultText({ document }: { document: LegalDocument }) {
  const t = await getTranslations("legal");
  return (
    <>
      {document === "terms"
        ? TERMS.map((part) => (
            <TextPart key={part} title={t(`terms.${part}.title`)} text={t(`terms.${part}.text`)} />
          ))
        : PRIVACY.map((part) => (
            <TextPart key={part} title={t(`privacy.${part}.title`)} text={t(`privacy.${part}.text`)} />
          ))}
      <p className="mt-6 text-sm text-muted">{t("default")}</p>
    </>
  );
}

function Block({ kind, lines }: TextBlock) {
  switch (kind) {
    case "heading":
      return <h2 className="mt-6 text-lg font-bold">{lines[0]}</h2>;
    case "list":
      return (
        <ul className="mt-2 list-disc pl-5">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      );
    default:
      return <p className="mt-2">{lines[0]}</p>;
  }
}
