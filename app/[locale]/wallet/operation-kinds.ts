import type { getTranslations } from "next-intl/server";
import type { OperationView } from "@/lib/services/operations/view";
import { methodTitle } from "./method-label";

/* How each type of operation is shown: its icon and title in lists, its texts on the receipt. A new type adds its own here. */

export const ICONS = {
  deposit: "top-up",
  withdrawal: "withdraw",
  transfer: "send",
  vault_deposit: "vault",
  vault_withdrawal: "vault",
} as const;

/** The title of a list item: what was done, and with whom or by what. */
export function titleOf(
  operation: OperationView,
  kinds: Awaited<ReturnType<typeof getTranslations<"kinds">>>,
  methods: Awaited<ReturnType<typeof getTranslations<"methods">>>,
): string {
  const { type, direction, methodName: method, counterparty, vault } = operation;
  switch (type) {
    case "deposit":
      return methodTitle(operation, methods, kinds("deposit"), kinds("deposit_by", { method }));
    case "withdrawal":
      return methodTitle(operation, methods, kinds("withdrawal"), kinds("withdrawal_by", { method }));
    case "transfer":
      return kinds(direction === "in" ? "transfer_in" : "transfer_out", { name: counterparty?.name ?? "" });
    case "vault_deposit":
      return `${kinds("vault_in")} · ${vault?.name ?? ""}`;
    default:
      return `${kinds("vault_out")} · ${vault?.name ?? ""}`;
  }
}

/** The message keys of the receipt, by type and status or direction; the reason is rendered apart. */
export function receiptTextOf({ type, direction, status }: OperationView) {
  switch (type) {
    case "deposit":
    case "withdrawal":
      return TEXTS[type][status];
    case "transfer":
      return TEXTS.transfer[direction];
    default:
      return TEXTS[type];
  }
}

const TEXTS = {
  deposit: {
    in_progress: { heading: "topup.wait.heading", text: null, close: "topup.wait.close" },
    succeeded: { heading: "topup.done.heading", text: "topup.done.text", close: null },
    failed: { heading: "topup.failed.heading", text: null, close: null },
    expired: { heading: "topup.expired.heading", text: null, close: null },
    refunded: { heading: "topup.failed.heading", text: null, close: null },
    review: { heading: "topup.review.heading", text: null, close: null },
  },
  withdrawal: {
    in_progress: {
      heading: "withdraw.started.heading",
      text: "withdraw.started.text",
      close: "withdraw.started.close",
    },
    succeeded: { heading: "withdraw.done.heading", text: "withdraw.done.text", close: null },
    failed: { heading: "withdraw.failed.heading", text: null, close: null },
    expired: { heading: "withdraw.failed.heading", text: null, close: null },
    refunded: { heading: "withdraw.refunded.heading", text: "withdraw.refunded.text", close: null },
    review: { heading: "withdraw.review_state.heading", text: null, close: null },
  },
  transfer: {
    out: { heading: "receipts.sent.heading", text: "receipts.sent.text", close: null },
    in: { heading: "receipts.received.heading", text: "receipts.received.text", close: null },
  },
  vault_deposit: { heading: "receipts.vaultIn.heading", text: "receipts.vaultIn.text", close: null },
  vault_withdrawal: { heading: "receipts.vaultOut.heading", text: "receipts.vaultOut.text", close: null },
} as const;
