import { classNames } from "./class-names";

interface ChoiceLinksProps {
  /** What is chosen: "Monnaie". */
  label: string;
  /** A few short ones, side by side. */
  choices: readonly { label: string; href: string; isCurrent: boolean }[];
  className?: string;
}

/** Links to the same page with each choice made. */
export function ChoiceLinks({ label, choices, className = "mb-5" }: ChoiceLinksProps) {
  return (
    <nav aria-label={label} className={className}>
      <ul className="grid auto-cols-fr grid-flow-col gap-2">
        {choices.map((choice) => (
          <li key={choice.href} className="flex">
            <a
              href={choice.href}
              {...(choice.isCurrent && { "aria-current": "true" as const })}
              className={classNames(
                "flex min-h-11 grow items-center justify-center rounded-field border bg-card px-3 text-center text-sm font-semibold",
                choice.isCurrent ? "border-link ring-1 ring-link" : "border-edge text-muted hover:bg-tint",
              )}
            >
              {choice.label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
