import type { ReactNode } from "react";

interface SectionProps {
  heading: string;
  /** A link beside the heading, such as "Tout voir". */
  action?: { href: string; label: string };
  children: ReactNode;
  /** Instead of the usual space above. */
  className?: string;
}

/** A part of a page under a second-level heading. */
export function Section({ heading, action, children, className }: SectionProps) {
  return (
    <section className={className ?? "mt-7"}>
      <div className="flex items-center justify-between gap-4">
        <h2 className="text-lg font-bold">{heading}</h2>
        {action && (
          <a href={action.href} className="-my-2 py-3 text-sm text-muted underline underline-offset-4">
            {action.label}
          </a>
        )}
      </div>
      {children}
    </section>
  );
}
