import { DomainError } from "@/lib/errors";
import { findSealPlace, type SealPlace } from "@/lib/ledger/sealing/find-seal";
import { hashOfToken, isLinkToken } from "@/lib/link-token";
import type { Context } from "../context";
import { shownName } from "../identity/users/shown-name";
import { detailsOf } from "../operations/get-operation";
import { consume } from "../rate-limits/consume";
import type { LimitName } from "../rate-limits/limits";
import { maskReceipt, type SharedReceipt } from "./mask-receipt";
import { findLinkedReceipt } from "./store";

/** How many look-ups of unknown tokens the networks of one address may make: an IPv4 address or a /64, a /56, a /48. */
const NETWORK_LIMITS: readonly LimitName[] = ["receipt_look_up", "receipt_look_up_56", "receipt_look_up_48"];

/** What a link shows: the receipt as it is now, or that the link has ended. */
export type LinkedReceipt =
  | ({ isEnded: false; seal: SealPlace; expiresAt: Date } & SharedReceipt)
  | { isEnded: true };

/**
 * The receipt behind a link, for anybody who has it. Names are masked as they are to the other side of a transfer. Throws `not_found`
 * for an unknown token, and `rate_limited` to networks (the smallest first) that looked up too many of them. A link that exists
 * opens all the same: people share addresses with those who try, and 128 bits can't be guessed.
 */
export async function getSharedReceipt(
  context: Context,
  token: string,
  networks: readonly string[],
): Promise<LinkedReceipt> {
  const { db, now } = context;
  const found = isLinkToken(token) ? await findLinkedReceipt(db, hashOfToken(token)) : null;
  if (!found) {
    for (const [at, name] of NETWORK_LIMITS.slice(0, networks.length).entries())
      await consume(db, name, [networks[at] ?? ""]);
    throw new DomainError("not_found");
  }
  const { link, operation, wallet, owner } = found;
  if (link.revokedAt !== null || link.expiresAt <= now) return { isEnded: true };
  const [details, seal] = await Promise.all([
    detailsOf(db, operation, wallet),
    findSealPlace(db, operation.reference),
  ]);
  const ownerName = shownName(owner.firstName, owner.lastName);
  return { isEnded: false, ...maskReceipt(details, ownerName, owner.phone), seal, expiresAt: link.expiresAt };
}
