import { classNames } from "./class-names";
import { Icon, type IconName } from "./icons";

/** What a person is told about an operation; each is a key below `states.` in the messages. */
export type OperationState = "in_progress" | "done" | "failed" | "refunded" | "under_review" | "expired";

/** The icon and colour of each state; the word is always shown beside them. */
export const STATE_LOOK: Record<OperationState, { icon: IconName; color: string }> = {
  in_progress: { icon: "clock", color: "text-waiting font-semibold" },
  done: { icon: "check", color: "text-muted" },
  failed: { icon: "cross", color: "text-bad font-semibold" },
  refunded: { icon: "refund", color: "text-bad font-semibold" },
  under_review: { icon: "search", color: "text-waiting font-semibold" },
  expired: { icon: "hourglass", color: "text-muted font-semibold" },
};

interface StateBadgeProps {
  state: OperationState;
  /** The state's word, from `states.<state>`. */
  label: string;
}

export function StateBadge({ state, label }: StateBadgeProps) {
  const look = STATE_LOOK[state];
  return (
    <span className={classNames("inline-flex items-center gap-1 text-sm whitespace-nowrap", look.color)}>
      <Icon name={look.icon} className="size-3.5" />
      {label}
    </span>
  );
}
