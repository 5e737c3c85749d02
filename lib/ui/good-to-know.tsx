import { Icon, type IconName } from "./icons";
import { Section } from "./section";

export interface Fact {
  icon: IconName;
  text: string;
}

interface GoodToKnowProps {
  heading: string;
  facts: readonly Fact[];
  /** Where to read more. */
  more: { href: string; label: string };
}

/** What a form leads to, beside or below it: what happens next, what it costs, what if it fails. */
export function GoodToKnow({ heading, facts, more }: GoodToKnowProps) {
  return (
    <Section heading={heading}>
      <ul className="mt-3 space-y-3 rounded-card border border-line bg-card px-4 py-4">
        {facts.map(({ icon, text }) => (
          <li key={text} className="flex gap-3">
            <Icon name={icon} className="mt-0.5 size-5 text-muted" />
            <span>{text}</span>
          </li>
        ))}
        <li>
          <a
            href={more.href}
            className="inline-flex min-h-11 items-center text-link underline underline-offset-4"
          >
            {more.label}
          </a>
        </li>
      </ul>
    </Section>
  );
}
