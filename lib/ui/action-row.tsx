import { classNames } from "./class-names";
import { Icon, type IconName } from "./icons";

export interface RowAction {
  href: string;
  label: string;
  icon: IconName;
  /** Drawn in the accent colour; at most one in a row. */
  primary?: boolean;
}

const COLUMNS = [
  "",
  "grid-cols-1",
  "grid-cols-2",
  "grid-cols-3",
  "grid-cols-2 @min-[19rem]:grid-cols-4",
] as const;

/** Up to four links with icons, side by side. */
export function ActionRow({ label, actions }: { label: string; actions: readonly RowAction[] }) {
  return (
    <nav aria-label={label} className="no-print @container mt-4">
      <ul className={classNames("grid gap-2 sm:gap-2.5", COLUMNS[actions.length])}>
        {actions.map((action) => (
          <li key={action.href}>
            <a
              href={action.href}
              className={classNames(
                "flex min-h-19 flex-col items-center justify-center gap-2 rounded-card border px-0.5 text-xs font-bold tracking-tight @min-[23rem]:text-sm @min-[25rem]:tracking-normal",
                action.primary
                  ? "border-ochre bg-ochre text-ochre-ink hover:brightness-105"
                  : "border-line bg-card hover:bg-tint",
              )}
            >
              <Icon name={action.icon} className="size-6" />
              {action.label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
