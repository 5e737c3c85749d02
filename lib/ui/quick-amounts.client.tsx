"use client";

import type { MouseEvent } from "react";

export interface QuickAmount {
  /** What goes into the field: digits only. */
  value: string;
  /** As people read it: `5 000`. */
  label: string;
}

interface QuickAmountsProps {
  /** "Montants rapides". */
  label: string;
  /** The id of the field they fill. */
  fieldId: string;
  amounts: readonly QuickAmount[];
  /** What else the address of the page says, such as `currency=NGN`. */
  query?: string;
}

/** Links to `?amount=…` on the same page, which fills the field in; with JavaScript they fill it in at once. */
export function QuickAmounts({ label, fieldId, amounts, query }: QuickAmountsProps) {
  function fill(event: MouseEvent<HTMLAnchorElement>, value: string) {
    const input = document.getElementById(fieldId);
    if (!(input instanceof HTMLInputElement)) return;
    event.preventDefault();
    // The native setter, so that React and react-hook-form hear the event as if it had been typed.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  }
  return (
    <ul aria-label={label} className="mt-2.5 flex flex-wrap gap-2">
      {amounts.map((amount) => (
        <li key={amount.value}>
          <a
            href={`?${query ? `${query}&` : ""}amount=${amount.value}`}
            onClick={(event) => fill(event, amount.value)}
            className="inline-flex min-h-11 items-center rounded-full border border-edge bg-card px-3.5 text-sm font-semibold whitespace-nowrap hover:bg-tint"
          >
            {amount.label}
          </a>
        </li>
      ))}
    </ul>
  );
}
