import { DomainError } from "@/lib/errors";
import { hashOfToken, isLinkToken } from "@/lib/link-token";
import { type Money, money } from "@/lib/money/money";
import { type Context, requirePerson } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import { findVisible, maySee } from "./find-visible";
import { findByPayment, findByTokenHash } from "./store";
import { type MoneyRequestStatus, type MoneyRequestView, statusOf, toMoneyRequestView } from "./view";

/** A request of the user, or one that they were asked by name or paid. Throws `not_found`, `unauthenticated`. */
export async function getMoneyRequest(context: Context, requestId: string): Promise<MoneyRequestView> {
  const { row, walletId } = await findVisible(context, { requestId, token: "" });
  return toMoneyRequestView(row, walletId);
}

/** A request by the token of its link. Throws `not_found`, also where somebody else is asked by name; `unauthenticated`. */
export async function getMoneyRequestByToken(context: Context, token: string): Promise<MoneyRequestView> {
  const wallet = await walletOfUser(context.db, requirePerson(context));
  const row = isLinkToken(token) ? await findByTokenHash(context.db, hashOfToken(token)) : null;
  if (!row || !maySee(row, wallet.id, token)) throw new DomainError("not_found");
  return toMoneyRequestView(row, wallet.id);
}

/** What somebody who isn't signed in sees of a link: no name and no note. Throws `not_found`. */
export async function previewMoneyRequest(
  context: Context,
  token: string,
): Promise<{ amount: Money; status: MoneyRequestStatus }> {
  const row = isLinkToken(token) ? await findByTokenHash(context.db, hashOfToken(token)) : null;
  if (!row) throw new DomainError("not_found");
  return { amount: money(row.amountMinor, row.currency), status: statusOf(row) };
}

/** The request that a transfer of the signed-in person paid, sent or received; null for any other. */
export async function findPaidRequest(context: Context, reference: string): Promise<MoneyRequestView | null> {
  const wallet = await walletOfUser(context.db, requirePerson(context));
  const row = await findByPayment(context.db, reference);
  return row && maySee(row, wallet.id, "") ? toMoneyRequestView(row, wallet.id) : null;
}
