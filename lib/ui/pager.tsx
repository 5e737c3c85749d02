import { Icon } from "./icons";

interface PagerLink {
  href: string;
  label: string;
}

interface PagerProps {
  /** "Pages de l’historique". */
  label: string;
  newer?: PagerLink | undefined;
  older?: PagerLink | undefined;
}

const LINK =
  "inline-flex min-h-11 items-center gap-1.5 rounded-field border border-edge bg-card px-3 text-sm font-semibold hover:bg-tint";

/** Pages by cursor, as plain links. */
export function Pager({ label, newer, older }: PagerProps) {
  if (!newer && !older) return null;
  return (
    <nav aria-label={label} className="no-print mt-5 flex flex-wrap justify-between gap-2">
      {newer ? (
        <a href={newer.href} rel="prev" className={LINK}>
          <Icon name="back" className="size-4" />
          {newer.label}
        </a>
      ) : (
        <span />
      )}
      {older && (
        <a href={older.href} rel="next" className={LINK}>
          {older.label}
          <Icon name="forward" className="size-4" />
        </a>
      )}
    </nav>
  );
}
