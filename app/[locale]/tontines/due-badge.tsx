import { getTranslations } from "next-intl/server";
import type { DueState } from "@/lib/services/tontines/views/view";
import { classNames } from "@/lib/ui/class-names";
import { Icon, type IconName } from "@/lib/ui/icons";

/** The icon and colour of each state; the word is always beside them. */
const LOOK: Record<DueState, { icon: IconName; color: string }> = {
  paid: { icon: "check", color: "text-good" },
  covered: { icon: "shield", color: "text-muted" },
  awaited: { icon: "clock", color: "text-waiting" },
  late: { icon: "warning", color: "text-bad" },
};

interface DueBadgeProps {
  state: DueState;
  /** Instead of the state's word: `payé le 1er déc.`. */
  label?: string;
}

/** The state of a due, in a word with a sign. */
export async function DueBadge({ state, label }: DueBadgeProps) {
  const t = await getTranslations("tontines.due");
  const { icon, color } = LOOK[state];
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1.5 rounded-full bg-tint px-2.5 py-1 text-sm font-semibold",
        color,
      )}
    >
      <Icon name={icon} className="size-3.5" />
      {label ?? t(state)}
    </span>
  );
}
