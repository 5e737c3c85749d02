import { DomainError } from "@/lib/errors";
import { isWalletNumber } from "@/lib/ids";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { lookUpRecipient } from "@/lib/services/transfers/look-up-recipient";

/** The recipient of `?to=`; `name` is missing when it may not be shown or isn't known. */
export interface LinkedRecipient {
  /** The 13 digits; empty for what isn't a wallet number. */
  walletNumber: string;
  name: string | null;
  problem: "own" | "unknown" | "wrongNumber" | "limited" | null;
}

const PROBLEMS: Partial<Record<DomainError["code"], LinkedRecipient["problem"]>> = {
  recipient_is_self: "own",
  recipient_not_found: "unknown",
  rate_limited: "limited",
};

/** Null without `?to=`. The look-up counts towards the limits of look-ups. */
export async function readLinkedRecipient({ to }: Query): Promise<LinkedRecipient | null> {
  if (to === undefined) return null;
  const walletNumber = typeof to === "string" ? to.slice(0, 40).replace(/\s/g, "") : "";
  if (!isWalletNumber(walletNumber)) return { walletNumber: "", name: null, problem: "wrongNumber" };
  try {
    const { name } = await lookUpRecipient(await currentContext(), walletNumber);
    return { walletNumber, name, problem: null };
  } catch (error) {
    const problem = error instanceof DomainError ? PROBLEMS[error.code] : undefined;
    if (!problem) throw error;
    return { walletNumber, name: null, problem };
  }
}
