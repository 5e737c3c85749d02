import { type Context, requirePerson } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import { LISTED_REQUESTS_MAX } from "./policy";
import { selectAsked, selectBlocked, selectReceived } from "./store";
import { type MoneyRequestView, named, toMoneyRequestView } from "./view";

export interface MoneyRequestList {
  /** What the person asked for, newest first. */
  asked: MoneyRequestView[];
  /** What they were asked for by name, newest first, without people whom they blocked. */
  received: MoneyRequestView[];
  /** Whose requests they no longer see. */
  blocked: { name: string; walletNumber: string }[];
}

/** The signed-in person's requests, at most {@link LISTED_REQUESTS_MAX} each. Throws `unauthenticated`. */
export async function listMoneyRequests(context: Context): Promise<MoneyRequestList> {
  const { id } = await walletOfUser(context.db, requirePerson(context));
  const [asked, received, blocked] = await Promise.all([
    selectAsked(context.db, id, LISTED_REQUESTS_MAX),
    selectReceived(context.db, id, LISTED_REQUESTS_MAX),
    selectBlocked(context.db, id, LISTED_REQUESTS_MAX),
  ]);
  return {
    asked: asked.map((row) => toMoneyRequestView(row, id)),
    received: received.map((row) => toMoneyRequestView(row, id)),
    blocked: blocked.map(named),
  };
}
