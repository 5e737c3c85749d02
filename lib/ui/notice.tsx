import type { ReactNode } from "react";
import { classNames } from "./class-names";
import { Icon, type IconName } from "./icons";

export type NoticeTone = "info" | "good" | "waiting" | "bad";

const LOOK: Record<NoticeTone, { icon: IconName; color: string }> = {
  info: { icon: "info", color: "text-link" },
  good: { icon: "check", color: "text-good" },
  waiting: { icon: "clock", color: "text-waiting" },
  bad: { icon: "warning", color: "text-bad" },
};

interface NoticeProps {
  tone?: NoticeTone;
  title?: string;
  children?: ReactNode;
  /** True for the result of an action ("C’est enregistré."): announced to screen readers without taking the focus. */
  live?: boolean;
}

/** A short message above the content. */
export function Notice({ tone = "info", title, children, live }: NoticeProps) {
  const look = LOOK[tone];
  return (
    <div
      {...(live && { role: "status" })}
      className="mb-4 flex gap-3 rounded-card border border-line bg-card px-4 py-3"
    >
      <Icon name={look.icon} className={classNames("mt-0.5 size-5", look.color)} />
      <div className="min-w-0 wrap-anywhere">
        {title && <p className={classNames("font-semibold", look.color)}>{title}</p>}
        {children && <div className="text-sm">{children}</div>}
      </div>
    </div>
  );
}
