import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { hashOfToken, linkToken } from "@/lib/link-token";
import type { Money } from "@/lib/money/money";
import { type Context, requirePerson } from "../context";
import { claimKeyForAnswer, storeAnswer } from "../idempotency/claim";
import type { KeyedInput } from "../idempotency/input-hash";
import { requireIdempotencyKey } from "../idempotency/key";
import { consume } from "../rate-limits/consume";
import type { FoundRecipient } from "../transfers/look-up-recipient";
import { findRecipient } from "../transfers/quote-transfer";
import { readSum } from "../transfers/read-sum";
import { lockWallet } from "../wallets/get-wallet";
import { OPEN_REQUESTS_MAX, REQUEST_LIFETIME_MS } from "./policy";
import type { CreateMoneyRequest } from "./schema";
import { countOpenRequests, insertMoneyRequest, isBlocked } from "./store";
import { tell } from "./tell";

export interface CreatedMoneyRequest {
  requestId: string;
  /** True when the key had made it before. */
  replayed: boolean;
}

/**
 * Asks for money: somebody by wallet or phone number, or whoever gets the link. Somebody who blocked the asker isn't told, and the
 * asker doesn't learn it. A replay of the same key answers the same request. Throws `validation_failed` (also for one
 * open request too many), `rate_limited`, `idempotency_mismatch`, `unauthenticated` for API keys.
 */
export async function createMoneyRequest(
  context: Context,
  input: CreateMoneyRequest,
): Promise<CreatedMoneyRequest> {
  const userId = requirePerson(context);
  requireIdempotencyKey(input.key);
  const { amount, note, issues } = readSum(input);
  const found = input.walletNumber.trim() === "" ? null : await findRecipient(context, input.walletNumber);
  if (found && "reason" in found) throw new DomainError("validation_failed", { issues: [found, ...issues] });
  if (issues.length > 0) throw new DomainError("validation_failed", { issues });
  return await placeMoneyRequest(context, userId, { payer: found, amount, note, key: input.key });
}

/** A request whose amount and note were checked. */
export interface MoneyRequestOrder {
  /** Null for whoever gets the link. */
  payer: FoundRecipient | null;
  amount: Money;
  note: string | null;
  key: string;
}

/** Makes a checked request, or answers the one that its key made before. Throws as {@link createMoneyRequest}. */
export async function placeMoneyRequest(
  context: Context,
  userId: bigint,
  { payer, amount, note, key }: MoneyRequestOrder,
): Promise<CreatedMoneyRequest> {
  await consume(context.db, "money_request_day", [userId.toString()]);
  if (payer)
    await consume(context.db, "money_request_person_day", [userId.toString(), payer.userId.toString()]);
  return await inTransaction(context.db, async (tx) => {
    const claim = { userId, key, input: keyedInput(payer, amount, note) };
    const earlier = await claimKeyForAnswer(tx, claim);
    if (earlier !== null)
      return { requestId: (JSON.parse(earlier) as { requestId: string }).requestId, replayed: true };
    const wallet = await lockWallet(tx, userId);
    if ((await countOpenRequests(tx, wallet.id)) >= OPEN_REQUESTS_MAX) throw tooMany();
    const id = newKey();
    await insertMoneyRequest(tx, {
      id,
      tokenHash: hashOfToken(linkToken("money_request", id)),
      walletId: wallet.id,
      payerWalletId: payer?.walletId ?? null,
      ...amount,
      note,
      expiresAt: new Date(context.now.getTime() + REQUEST_LIFETIME_MS),
    });
    if (payer && !(await isBlocked(tx, payer.walletId, wallet.id))) {
      const about = { kind: "money_requested", requestId: id, amount } as const;
      await tell(tx, { ...about, userId: payer.userId, aboutUserId: userId });
    }
    await storeAnswer(tx, claim, JSON.stringify({ requestId: id }));
    return { requestId: id, replayed: false };
  });
}

function keyedInput(payer: FoundRecipient | null, amount: Money, note: string | null): KeyedInput {
  const fields = [payer?.walletNumber ?? null, amount.currency, amount.amountMinor.toString(), note];
  return { verb: "create_money_request", fields };
}

function tooMany(): DomainError {
  const issues = [{ field: "amount", reason: "requests_too_many", values: { max: OPEN_REQUESTS_MAX } }];
  return new DomainError("validation_failed", { issues });
}
