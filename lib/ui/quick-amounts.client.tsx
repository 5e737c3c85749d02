"use client";

import type { MouseEvent } from "react";

export interface QuickAmount {
  /** The value for the field: digits only. */
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
  /** The other parameters of the page's query, such as `currency=NGN`. */
  query?: string;
}

/** Links to `?amount=…` on the same page, which fills in the field; with JavaScript they fill it in directly. */
export function QuickAmounts({ label, fieldId, amounts, query }: QuickAmountsProps) {
  function fill(event: MouseEvent<HTMLAnchorElement>, value: string) {
    const input = document.getElementById(fieldId);
    if (!(input instanceof HTMLInputElement)) return;
    event.preventDefault();
    // The native setter and an input event, so that React handles it like typing.
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
