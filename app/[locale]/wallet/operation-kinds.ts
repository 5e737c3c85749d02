import type { getTranslations } from "next-intl/server";
import type { OperationState } from "@/lib/services/operations/kinds";
import type { OperationView } from "@/lib/services/operations/view";
import { isolate } from "@/lib/ui/bidi-text";
import { methodTitle } from "../method-label";

/* How each type of operation is shown: its icon and title in lists, its texts on the receipt. A new type adds its own here. */

export const ICONS = {
  deposit: "top-up",
  withdrawal: "withdraw",
  transfer: "send",
  vault_deposit: "vault",
  vault_withdrawal: "vault",
  tontine_contribution: "vault",
  tontine_fee: "vault",
  tontine_solidarity: "vault",
  tontine_deposit: "vault",
  tontine_cover: "vault",
  tontine_repayment: "vault",
  tontine_payout: "vault",
  tontine_refund: "vault",
  tontine_share_out: "vault",
} as const;

/** The title of a list item: what was done, and with whom or by what. */
export function titleOf(
  operation: OperationView,
  kinds: Awaited<ReturnType<typeof getTranslations<"kinds">>>,
  methods: Awaited<ReturnType<typeof getTranslations<"methods">>>,
): string {
  const { type, direction, methodName: method, counterparty, vault, tontine } = operation;
  switch (type) {
    case "deposit":
      return methodTitle(operation, methods, kinds("deposit"), kinds("deposit_by", { method }));
    case "withdrawal":
      return methodTitle(operation, methods, kinds("withdrawal"), kinds("withdrawal_by", { method }));
    case "transfer":
      return kinds(direction === "in" ? "transfer_in" : "transfer_out", {
        name: isolate(counterparty?.name ?? ""),
      });
    case "vault_deposit":
      return `${kinds("vault_in")} · ${isolate(vault?.name ?? "")}`;
    case "vault_withdrawal":
      return `${kinds("vault_out")} · ${isolate(vault?.name ?? "")}`;
    default:
      return tontine === null ? kinds(type) : `${kinds(type)} · ${isolate(tontine.name)}`;
  }
}

/** The word for its type: what came from somebody else is "Reçu", not "Envoi". */
export function kindOf({ type, direction }: OperationView) {
  return type === "transfer" && direction === "in" ? "received" : type;
}

/** The message keys of the status panel: a heading, and sentences below it. The reason is rendered apart, if `saysReason`. */
export function statusTextOf(operation: OperationView) {
  const { type, direction, status } = operation;
  switch (type) {
    case "deposit":
      return isUnanswered(operation) ? TEXTS.unansweredDeposit : TEXTS.deposit[status];
    case "withdrawal":
      return TEXTS.withdrawal[status];
    case "transfer":
      return TEXTS.transfer[direction];
    case "vault_deposit":
    case "vault_withdrawal":
      return TEXTS[type];
    default:
      return TEXTS.tontine[direction];
  }
}

/** A deposit in progress that its provider has not answered: there is no payment page, or nobody knows of it. */
function isUnanswered({ status, reason, paymentUrl }: OperationView): boolean {
  return status === "in_progress" && (reason === "outcome_unknown" || paymentUrl === null);
}

const TEXTS = {
  unansweredDeposit: {
    heading: "topup.unknown.heading",
    texts: ["topup.unknown.text", "topup.wait.updates", "topup.wait.close"],
    saysReason: false,
  },
  deposit: {
    in_progress: {
      heading: "topup.wait.heading",
      texts: ["topup.wait.confirming", "topup.wait.updates", "topup.wait.close"],
      saysReason: false,
    },
    succeeded: { heading: "topup.done.heading", texts: ["topup.done.text"], saysReason: true },
    failed: { heading: "topup.failed.heading", texts: [], saysReason: true },
    expired: { heading: "topup.expired.heading", texts: [], saysReason: true },
    refunded: { heading: "topup.takenBack.heading", texts: [], saysReason: true },
    review: { heading: "topup.review.heading", texts: [], saysReason: true },
  },
  withdrawal: {
    in_progress: {
      heading: "withdraw.started.heading",
      texts: ["withdraw.started.text", "withdraw.started.close"],
      saysReason: true,
    },
    succeeded: { heading: "withdraw.done.heading", texts: ["withdraw.done.text"], saysReason: true },
    failed: { heading: "withdraw.failed.heading", texts: [], saysReason: true },
    expired: { heading: "withdraw.failed.heading", texts: [], saysReason: true },
    refunded: { heading: "withdraw.refunded.heading", texts: [], saysReason: true },
    review: { heading: "withdraw.review_state.heading", texts: [], saysReason: true },
  },
  transfer: {
    out: { heading: "receipts.sent.heading", texts: ["receipts.sent.text"], saysReason: true },
    in: { heading: "receipts.received.heading", texts: ["receipts.received.text"], saysReason: true },
  },
  vault_deposit: { heading: "receipts.vaultIn.heading", texts: ["receipts.vaultIn.text"], saysReason: true },
  vault_withdrawal: {
    heading: "receipts.vaultOut.heading",
    texts: ["receipts.vaultOut.text"],
    saysReason: true,
  },
  tontine: {
    out: { heading: "receipts.tontineOut.heading", texts: ["receipts.tontineOut.text"], saysReason: true },
    in: { heading: "receipts.tontineIn.heading", texts: ["receipts.tontineIn.text"], saysReason: true },
  },
} as const;

/** The message below `steps.` for each state of an operation's history; null for what people need not see. */
export const STEP_OF = {
  pending: "pending",
  succeeded: "succeeded",
  failed: "failed",
  expired: "expired",
  review: "review",
  disputed: "disputed",
  taken_back: "taken_back",
  kept: "kept",
  created: "created",
  submitting: null,
  submitted: "submitted",
  unknown: "unknown",
  paid: "paid",
  reversed: "reversed",
  refunded: "refunded",
  conflict: "review",
} as const satisfies Record<OperationState, string | null>;
