import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { walletOfUser } from "../../wallets/get-wallet";
import { readOwnGroup } from "../groups/group";
import { selectLeavers, selectShares } from "../groups/store";
import { GONE_STATES, type TontineState } from "../kinds";
import { selectGuarantees } from "../money/store";
import { openMinor, type TurnRow } from "../turns/store";
import { type ChangeFacts, readFacts } from "./change-view";
import { sumContributionsOf } from "./store";

/** A place in the order, as it is chosen in a form. */
export interface PlaceChoice {
  holderId: string;
  name: string;
  turn: { number: number; dueAt: Date };
  /** Still to be paid for it: told for the viewer's own places only. */
  arrears: Money;
}

interface MemberChoice {
  id: string;
  name: string;
}

/** What a member may begin: with whom, about which places. */
export interface ChangeChoices {
  code: string;
  name: string;
  zone: string;
  currency: Currency;
  state: TontineState<"group">;
  isChair: boolean;
  /** The viewer owes something: no swap, and no leaving. */
  owes: boolean;
  /** Own places that haven't taken yet; `whole` ones can be exchanged. */
  mine: readonly (PlaceChoice & { isWhole: boolean })[];
  /** Whole places of others that haven't taken yet. */
  others: readonly PlaceChoice[];
  /** Other members with an account. */
  members: readonly MemberChoice[];
  /** In the viewer's wallet. */
  available: Money;
}

/** What the viewer may begin in a group. Throws `unauthenticated`, `not_found`. */
export async function getChangeChoices(context: Context, code: string): Promise<ChangeChoices> {
  const { group, member, tontine, userId } = await readOwnGroup(context, code);
  const { db, now } = context;
  const facts = await readFacts(db, { group, viewer: member, now });
  const { currency } = tontine;
  const wallet = await walletOfUser(db, userId);
  const [available] = await getBalances(db, [chart.available(wallet.id, currency)]);
  const places = placesOf(facts);
  const isPlanned = tontine.state === "running";
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    currency,
    state: tontine.state as TontineState<"group">,
    isChair: member.roles.includes("chair"),
    owes: facts.debtors.has(member.id),
    mine: isPlanned ? places.filter(({ memberId }) => memberId === member.id) : [],
    others: isPlanned
      ? places
          .filter(({ memberId, isWhole, hasAccount }) => memberId !== member.id && isWhole && hasAccount)
          .map((place) => ({ ...place, arrears: money(0n, currency) }))
      : [],
    members: [...group.members.values()]
      .filter(
        ({ id, userId: user, state }) => id !== member.id && user !== null && !GONE_STATES.includes(state),
      )
      .map(({ id, name }) => ({ id: id.toString(), name })),
    available: available ?? money(0n, currency),
  };
}

/** Places whose turn is still planned, in the order of turns. */
function placesOf({ group, turnOfShare, open }: ChangeFacts) {
  const isPlanned = (turn: TurnRow | undefined): turn is TurnRow =>
    turn?.state === "planned" && turn.kind === "rotation";
  return group.holders
    .flatMap((holder) => {
      const turn = turnOfShare.get(holder.shareId);
      if (!isPlanned(turn)) return [];
      const owed = open.filter(({ holderId }) => holderId === holder.id);
      const member = group.members.get(holder.memberId);
      return [
        {
          holderId: holder.id.toString(),
          memberId: holder.memberId,
          name: member?.name ?? "",
          hasAccount: member?.userId != null,
          isWhole: holder.halves === 2,
          turn: { number: turn.number, dueAt: turn.dueAt },
          arrears: money(
            owed.reduce((sum, due) => sum + openMinor(due), 0n),
            group.tontine.currency,
          ),
        },
      ];
    })
    .sort((one, other) => one.turn.number - other.turn.number);
}

export interface LeavingView {
  code: string;
  name: string;
  zone: string;
  /** Before the start one leaves at once; afterwards an officer countersigns; `asked` when that is awaited. */
  how: "at_once" | "request" | "asked";
  /** Why it can't be done now. */
  problem: "chair" | "owes" | "taken" | "shared" | "ended" | null;
  /** What the viewer has paid as contributions, what of it the box keeps, and what comes back. */
  paid: Money;
  kept: Money;
  back: Money;
  /** The turns in which it is paid back. */
  turns: readonly { number: number; dueAt: Date }[];
}

/** What leaving means for the viewer. Throws `unauthenticated`, `not_found`. */
export async function getLeaving(context: Context, code: string): Promise<LeavingView> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const { db, now } = context;
  const facts = await readFacts(db, { group, viewer: member, now });
  const paidMinor = await sumContributionsOf(db, member.id);
  const oneIn = BigInt(group.parameters.retentionOneIn);
  const keptMinor = oneIn > 0n ? paidMinor / oneIn : 0n;
  const { currency } = tontine;
  const isBefore = ["draft", "inviting", "agreed"].includes(tontine.state);
  const hasAsked = !isBefore && (await selectLeavers(db, tontine.id)).has(member.id);
  const own = group.holders.filter(({ memberId }) => memberId === member.id);
  const turns = [...new Set(own.flatMap(({ shareId }) => facts.turnOfShare.get(shareId) ?? []))];
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    how: isBefore ? "at_once" : hasAsked ? "asked" : "request",
    problem: problemOf(facts, turns, isBefore),
    paid: money(paidMinor, currency),
    kept: money(keptMinor, currency),
    back: money(paidMinor - keptMinor, currency),
    turns: turns.map(({ number, dueAt }) => ({ number, dueAt })),
  };
}

/** The same refusals as the verb's, told before. */
function problemOf(
  { group, viewer, turnOfShare, debtors }: ChangeFacts,
  turns: readonly TurnRow[],
  isBefore: boolean,
): LeavingView["problem"] {
  if (viewer.roles.includes("chair")) return "chair";
  if (isBefore) return null;
  if (group.tontine.state !== "running") return "ended";
  if (debtors.has(viewer.id)) return "owes";
  if (turns.some(({ state }) => state !== "planned")) return "taken";
  const ids = new Set(turns.map(({ id }) => id));
  const isShared = group.holders.some(
    ({ memberId, shareId }) => memberId !== viewer.id && ids.has(turnOfShare.get(shareId)?.id ?? 0n),
  );
  return isShared ? "shared" : null;
}

export interface GuaranteeChoices {
  code: string;
  name: string;
  currency: Currency;
  isPossible: boolean;
  /** The viewer has asked somebody, or somebody guarantees for them, already. */
  hasOne: boolean;
  members: readonly MemberChoice[];
}

/** Whom the viewer may ask to guarantee for them. Throws `unauthenticated`, `not_found`. */
export async function getGuaranteeChoices(context: Context, code: string): Promise<GuaranteeChoices> {
  const { tontine, member } = await readOwnGroup(context, code);
  const { members, currency, name } = await getChangeChoices(context, code);
  const live = (await selectGuarantees(context.db, tontine.id)).filter(({ state }) =>
    ["offered", "signed", "called"].includes(state),
  );
  return {
    code: tontine.code,
    name,
    currency,
    isPossible: ["inviting", "agreed", "running"].includes(tontine.state),
    hasOne: live.some(({ memberId }) => memberId === member.id),
    members,
  };
}

export interface OrderView {
  code: string;
  name: string;
  /** The chair may change it: before the start. */
  mayMove: boolean;
  places: readonly { shareId: string; position: number; names: readonly string[] }[];
  /** So many have signed, and would have to sign again. */
  signedCount: number;
}

/** The order of a group's places before the start. Throws `unauthenticated`, `not_found`. */
export async function getOrder(context: Context, code: string): Promise<OrderView> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const shares = await selectShares(context.db, group.cycle.id);
  return {
    code: tontine.code,
    name: tontine.name,
    mayMove: member.roles.includes("chair") && ["draft", "inviting", "agreed"].includes(tontine.state),
    places: shares.map(({ id, position }) => ({
      shareId: id.toString(),
      position,
      names: group.holders
        .filter(({ shareId }) => shareId === id)
        .map(({ memberId }) => group.members.get(memberId)?.name ?? ""),
    })),
    signedCount: [...group.members.values()].filter(({ state }) => state === "signed").length,
  };
}
