import { DomainError } from "@/lib/errors";
import type { Currency } from "@/lib/money/currency";
import type { Context } from "../../context";
import { findHandover, findSwap, selectOpenHandovers, selectOpenSwaps } from "../changes/store";
import { readOwnGroup } from "../groups/group";
import { selectLeavers } from "../groups/store";
import { GONE_STATES, type TontineState } from "../kinds";
import { selectGuarantees } from "../money/store";
import { readId } from "../read-id";
import {
  type ChangeKind,
  type ChangeView,
  countersigns,
  guaranteeView,
  handoverView,
  leavingView,
  readFacts,
  swapView,
} from "./change-view";

interface OfGroup {
  code: string;
  name: string;
  zone: string;
  currency: Currency;
  state: TontineState<"group">;
  isChair: boolean;
}

export interface ChangeList extends OfGroup {
  /** What is open and concerns the viewer; for officers all that is. What waits for the viewer comes first. */
  changes: readonly ChangeView[];
}

const GUARANTEE_SHOWN: readonly string[] = ["offered", "signed", "called", "repaid"];

/** The open changes of a group that concern the viewer. Throws `unauthenticated`, `not_found`. */
export async function listChanges(context: Context, code: string): Promise<ChangeList> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const { db, now } = context;
  const [facts, swaps, handovers, guarantees, leavers] = await Promise.all([
    readFacts(db, { group, viewer: member, now }),
    selectOpenSwaps(db, tontine.id),
    selectOpenHandovers(db, tontine.id),
    selectGuarantees(db, tontine.id),
    selectLeavers(db, tontine.id),
  ]);
  const leaving = [...group.members.values()].filter(
    ({ id, state }) => leavers.has(id) && !GONE_STATES.includes(state),
  );
  const changes = [
    ...swaps.map((swap) => swapView(facts, swap)),
    ...handovers.map((handover) => handoverView(facts, handover)),
    ...leaving.map((each) => leavingView(facts, each)),
    ...guarantees
      .filter(({ state }) => GUARANTEE_SHOWN.includes(state))
      .map((guarantee) => guaranteeView(facts, guarantee)),
  ].filter((change) => change.state !== "lapsed" && concerns(change, countersigns(member)));
  return {
    ...ofGroup(group.tontine, member.roles),
    changes: changes.sort((one, other) => Number(other.may !== null) - Number(one.may !== null)),
  };
}

const concerns = ({ kind, from, to }: ChangeView, isOfficer: boolean): boolean =>
  from.isMe || to?.isMe === true || (isOfficer && kind !== "guarantee");

export interface ChangeDetails extends OfGroup {
  change: ChangeView;
  /** In both languages: what who takes a place signs. */
  rules: { fr: string; en: string };
}

/** One change, open or ended, for its sides and officers. Throws `unauthenticated`, `not_found`. */
export async function getChange(
  context: Context,
  { code, kind, id }: { code: string; kind: ChangeKind; id: string },
): Promise<ChangeDetails> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const { db, now } = context;
  const facts = await readFacts(db, { group, viewer: member, now });
  const found = async (): Promise<ChangeView | null> => {
    const wanted = readId(id);
    if (kind === "swap") {
      const swap = await findSwap(db, tontine.id, wanted);
      return swap && swapView(facts, swap);
    }
    if (kind === "handover") {
      const handover = await findHandover(db, tontine.id, wanted);
      return handover && handoverView(facts, handover);
    }
    if (kind === "guarantee") {
      const guarantee = (await selectGuarantees(db, tontine.id)).find((each) => each.id === wanted);
      return guarantee ? guaranteeView(facts, guarantee) : null;
    }
    const leaver = group.members.get(wanted);
    const hasAsked = (await selectLeavers(db, tontine.id)).has(wanted);
    return leaver && hasAsked ? leavingView(facts, leaver) : null;
  };
  const change = await found();
  if (!change || !concerns(change, countersigns(member))) throw new DomainError("not_found");
  const { textFr, textEn } = group.rules;
  return { ...ofGroup(tontine, member.roles), change, rules: { fr: textFr, en: textEn } };
}

function ofGroup(
  {
    code,
    name,
    zone,
    currency,
    state,
  }: { code: string; name: string; zone: string; currency: Currency; state: string },
  roles: readonly string[],
): OfGroup {
  const isChair = roles.includes("chair");
  return { code, name, zone, currency, state: state as TontineState<"group">, isChair };
}
