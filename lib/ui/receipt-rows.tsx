import type { ReactNode } from "react";
import { classNames } from "./class-names";

export interface ReceiptRow {
  /** Where two rows may have the same label. */
  key?: string;
  label: string;
  value: ReactNode;
  /** Emphasised: the total. */
  strong?: boolean;
}

/** Details of an operation, label and value on one line where they fit. */
export function ReceiptRows({ rows }: { rows: readonly ReceiptRow[] }) {
  return (
    <dl className="divide-y divide-line rounded-card border border-line bg-card px-4">
      {rows.map((row) => (
        <div
          key={row.key ?? row.label}
          className="flex flex-wrap items-baseline justify-between gap-x-6 py-3 print:py-1.5"
        >
          <dt className="text-muted">{row.label}</dt>
          <dd
            className={classNames(
              "ml-auto min-w-0 text-right wrap-anywhere",
              row.strong ? "text-lg font-bold" : "font-semibold",
            )}
          >
            {row.value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
