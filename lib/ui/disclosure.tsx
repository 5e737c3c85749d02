import type { ReactNode } from "react";

interface DisclosureProps {
  summary: string;
  /** Whether it is open at first. */
  open?: boolean;
  children: ReactNode;
}

/** A row of a card that opens on its label; works without JavaScript. */
export function Disclosure({ summary, open = false, children }: DisclosureProps) {
  return (
    <details open={open} className="group border-line px-4 not-first:border-t">
      <summary className="-mx-4 flex min-h-13 cursor-pointer items-center justify-between gap-3 rounded-card px-4 py-2 font-semibold -outline-offset-4">
        {summary}
        <Chevron />
      </summary>
      <div className="pt-2 pb-5">{children}</div>
    </details>
  );
}

/** Points down while closed, and up while open. */
function Chevron() {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="size-5 shrink-0 text-muted group-open:rotate-180"
    >
      <path d="m6 9 6 6 6-6" />
    </svg>
  );
}
