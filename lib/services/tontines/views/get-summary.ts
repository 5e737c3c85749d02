import { invariant } from "@/lib/invariant";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import type { Calendar } from "../calendar";
import { countWaiting } from "../changes/store";
import { countAwaitedVotes } from "../decisions/store";
import { readOwnGroup } from "../groups/group";
import type { TontineState } from "../kinds";
import { selectMandates } from "../mandates/store";
import { findDraw } from "../order/store";
import { selectAwaitedApprovals } from "../payouts/store";
import type { OrderMethod } from "../rules";
import { selectOpenDues, selectTurns, selectTurnsOfShares } from "../turns/store";
import { countersigns } from "./change-view";
import { type CurrentTurn, findCurrentTurn } from "./current-turn";
import type { GroupAudit } from "./get-audit";
import { recentAudit } from "./recent-audit";
import { findStanding, type Standing } from "./standing";
import { sumContributionsOf } from "./store";
import {
  type DueView,
  isOfficer,
  type MemberView,
  memberViews,
  type TurnView,
  toDueView,
  turnViews,
} from "./view";

export interface SummaryView extends Standing {
  code: string;
  name: string;
  state: TontineState<"group">;
  currency: Currency;
  zone: string;
  calendar: Calendar;
  /** Of a whole share in a turn. */
  contribution: Money;
  shareCount: number;
  /** How the order of the turns is found, and whether it is. */
  order: OrderMethod;
  isOrdered: boolean;
  /** Halves of shares that nobody has taken. */
  freeHalves: number;
  me: MemberView;
  isFounder: boolean;
  isOfficer: boolean;
  /** Swaps, places, guarantees and requests to leave that wait for the viewer. */
  waiting: number;
  members: readonly MemberView[];
  turns: readonly TurnView[];
  /** Null before the start and after the last turn. */
  current: CurrentTurn | null;
  /** The viewer's open dues of turns that were called, the oldest first. */
  myDues: readonly DueView[];
  /** What the viewer has paid as contributions. */
  paid: Money;
  /** The viewer's standing contribution. */
  mandate: "none" | "active" | "suspended";
  box: Money;
  solidarity: Money;
  /** How many decisions wait for the viewer's vote. */
  awaitedVotes: number;
  /** Payouts that wait for the viewer's approval. */
  awaitedApprovals: readonly { payoutId: string; turn: number }[];
  /** Of the last minutes; null where it wasn't asked for, and before the start. */
  audit: GroupAudit | null;
}

/** A group as one of its members sees it; `isAudited` asks for its audit too. Throws `unauthenticated`, and `not_found` for what isn't theirs. */
export async function getSummary(
  context: Context,
  code: string,
  { isAudited = false }: { isAudited?: boolean } = {},
): Promise<SummaryView> {
  const own = await readOwnGroup(context, code);
  const { group, member, tontine } = own;
  const { db } = context;
  const [rows, turnOfShare, open, mandates, [box, solidarity], standing, paidMinor, awaitedVotes, waiting] =
    await Promise.all([
      selectTurns(db, group.cycle.id),
      selectTurnsOfShares(db, group.cycle.id),
      selectOpenDues(db, tontine.id),
      selectMandates(db, tontine.id),
      getBalances(db, [chart.tontineBox(group.accounts), chart.tontineSolidarity(group.accounts)]),
      findStanding(db, group, member),
      sumContributionsOf(db, member.id),
      countAwaitedVotes(db, member.id, context.now),
      countWaiting(db, {
        tontineId: tontine.id,
        memberId: member.id,
        countersigns: countersigns(member),
        now: context.now,
      }),
    ]);
  const draw = await findDraw(db, group.cycle.id);
  const approvals = await selectAwaitedApprovals(db, {
    ...{ tontineId: tontine.id, memberId: member.id },
    now: context.now,
  });
  const { currency } = tontine;
  const none = money(0n, currency);
  const members = memberViews(group, member);
  const me = members.find(({ isMe }) => isMe);
  invariant(me, "the viewer is a member");
  const turns = turnViews(group, member, rows, turnOfShare);
  const taken = group.holders.reduce((sum, { halves }) => sum + halves, 0);
  return {
    ...standing,
    code: tontine.code,
    name: tontine.name,
    state: tontine.state as TontineState<"group">,
    currency,
    zone: tontine.zone,
    calendar: group.calendar,
    contribution: money(group.cycle.contributionMinor, currency),
    shareCount: group.cycle.shareCount,
    order: group.parameters.order,
    isOrdered: group.parameters.order !== "draw" || draw?.state === "drawn",
    freeHalves: group.cycle.shareCount * 2 - taken,
    me,
    isFounder: tontine.founderUserId === own.userId,
    isOfficer: isOfficer(member),
    waiting,
    members,
    turns,
    current: await findCurrentTurn(db, { group, viewer: member, rows, turns }),
    myDues: open.filter(({ memberId }) => memberId === member.id).map((due) => toDueView(group, due)),
    paid: money(paidMinor, currency),
    mandate: (mandates.find(({ memberId }) => memberId === member.id)?.state ??
      "none") as SummaryView["mandate"],
    box: box ?? none,
    solidarity: solidarity ?? none,
    audit: isAudited && rows.length > 0 ? await recentAudit(context, group) : null,
    awaitedVotes,
    awaitedApprovals: approvals.map(({ id, turn }) => ({ payoutId: id.toString(), turn })),
  };
}
