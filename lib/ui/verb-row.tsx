import { classNames } from "./class-names";
import { Icon, type IconName } from "./icons";

export interface Verb {
  href: string;
  label: string;
  icon: IconName;
  /** Ochre: the one that matters most. At most one in a row. */
  primary?: boolean;
}

const COLUMNS = [
  "",
  "grid-cols-1",
  "grid-cols-2",
  "grid-cols-3",
  "grid-cols-2 min-[22rem]:grid-cols-4",
] as const;

/** At most four actions; the ones that are offered share the row. */
export function VerbRow({ label, verbs }: { label: string; verbs: readonly Verb[] }) {
  return (
    <nav aria-label={label} className="no-print mt-4">
      <ul className={classNames("grid gap-2 sm:gap-2.5", COLUMNS[verbs.length])}>
        {verbs.map((verb) => (
          <li key={verb.href}>
            <a
              href={verb.href}
              className={classNames(
                "flex min-h-19 flex-col items-center justify-center gap-2 rounded-card border px-0.5 text-xs font-bold tracking-tight min-[25rem]:text-sm min-[25rem]:tracking-normal",
                verb.primary
                  ? "border-ochre bg-ochre text-ochre-ink hover:brightness-105"
                  : "border-line bg-card hover:bg-tint",
              )}
            >
              <Icon name={verb.icon} className="size-6" />
              {verb.label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
