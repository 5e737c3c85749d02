"use client";

import type { MouseEvent } from "react";
import { QUICK_AMOUNT_FIELD } from "@/lib/form-fields";

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
}

/**
 * Buttons that fill in the amount. Without JavaScript they post the form, which comes back with the amount and everything else
 * that was typed; nothing is run.
 */
export function QuickAmounts({ label, fieldId, amounts }: QuickAmountsProps) {
  function fill(event: MouseEvent<HTMLButtonElement>, value: string) {
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
          <button
            type="submit"
            name={QUICK_AMOUNT_FIELD}
            value={amount.value}
            onClick={(event) => fill(event, amount.value)}
            className="inline-flex min-h-11 cursor-pointer items-center rounded-full border border-edge bg-card px-3.5 text-sm font-semibold whitespace-nowrap hover:bg-tint"
          >
            {amount.label}
          </button>
        </li>
      ))}
    </ul>
  );
}
