import type { ReactNode } from "react";
import { Icon } from "./icons";

interface PageHeadingProps {
  title: ReactNode;
  /** One sentence below the title. */
  lead?: ReactNode;
  /** The link above the title. */
  back?: { href: string; label: string };
}

/** The page's only first-level heading. */
export function PageHeading({ title, lead, back }: PageHeadingProps) {
  return (
    <div className="mb-5">
      {back && (
        <a
          href={back.href}
          className="no-print -ml-1 inline-flex min-h-11 items-center gap-2 pr-2 text-sm text-muted"
        >
          <Icon name="back" className="size-4" />
          {back.label}
        </a>
      )}
      <h1 className="text-2xl font-bold tracking-tight">{title}</h1>
      {lead && <p className="mt-1 text-muted">{lead}</p>}
    </div>
  );
}
