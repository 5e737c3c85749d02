export type EntryKind = "collection" | "payout";

/** One thing that happens to the money, and the webhook that reports it. */
export interface Step {
  event: "completed" | "failed" | "reversed";
  reason?: string;
  /** The money that moves, and the webhook with it, differ from the request. */
  difference?: "amount" | "currency" | "mode";
  /** `dropped` is never sent, `slow` some seconds later, `thrice` three times at once. */
  delivery?: "dropped" | "slow" | "twice" | "thrice";
  /** `bad_first`: the first try is signed wrongly. `seed_form`: over `data` alone, as the seed has it. */
  signature?: "bad_first" | "seed_form";
}

/** What the call itself gets. `silence_after` accepts and never answers; `webhook_first` sends its webhook before it answers. */
export type CallAnswer =
  | "accepted"
  | "error_before"
  | "error_after"
  | "silence_after"
  | "garbage_after"
  | "webhook_first"
  | "foreign_page"
  | { status: number; code: string; message: string };

export interface Scenario {
  code: string;
  on: readonly EntryKind[];
  /** The amount in francs, or in kobo for Paystack, that selects it. */
  amount?: number;
  /** The phone that selects it, whatever the amount. */
  phone?: string;
  answer: CallAnswer;
  steps: readonly Step[];
  /** The collection is paid without its page, as by a prompt on the phone. */
  paysByItself?: boolean;
  /** Its webhooks are sent last first. */
  reordered?: boolean;
  /** Which of the several shapes that Paystack's answers and webhooks may have. */
  variant?: "fees_on_top" | "metadata_zero" | "metadata_empty" | "old_timestamps" | "otp";
  /** Queries show it only some seconds later. */
  lags?: boolean;
  /** For the table in README.md. */
  meaning: string;
}
