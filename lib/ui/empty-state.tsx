import { ButtonLink } from "./button";
import { Icon, type IconName } from "./icons";

interface EmptyStateProps {
  icon?: IconName;
  title: string;
  /** What to do first. */
  text: string;
  action?: { href: string; label: string };
}

/** Shown for an empty list, with a first step. */
export function EmptyState({ icon = "list", title, text, action }: EmptyStateProps) {
  return (
    <div className="mt-3 rounded-card border border-dashed border-edge px-5 py-8 text-center">
      <Icon name={icon} className="mx-auto size-8 text-muted" />
      <p className="mt-3 font-semibold">{title}</p>
      <p className="mt-1 text-sm text-muted">{text}</p>
      {action && (
        <ButtonLink href={action.href} className="mt-5">
          {action.label}
        </ButtonLink>
      )}
    </div>
  );
}
