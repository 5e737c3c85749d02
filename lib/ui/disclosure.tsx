import type { ReactNode } from "react";
import { Icon } from "./icons";

interface DisclosureProps {
  summary: string;
  children: ReactNode;
}

/** What is rarely needed, behind its name. One row of a card; opens before, and without, JavaScript. */
export function Disclosure({ summary, children }: DisclosureProps) {
  return (
    <details className="group border-line px-4 not-first:border-t">
      <summary className="-mx-4 flex min-h-13 cursor-pointer items-center justify-between gap-3 rounded-card px-4 py-2 font-semibold -outline-offset-4">
        {summary}
        <Icon name="forward" className="size-4 text-muted transition-transform group-open:rotate-90" />
      </summary>
      <div className="pt-2 pb-5">{children}</div>
    </details>
  );
}
