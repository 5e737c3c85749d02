import { newKey } from "@/lib/ids";
import type { Currency } from "@/lib/money/currency";
import type { NoticeDetails, RecordedNoticeKind } from "../../notices/details";
import type { TontineEvent } from "../events";
import type { NamedMember } from "./store";

type ChangeKind = Extract<
  RecordedNoticeKind,
  | `tontine_${"swap" | "place"}_offered`
  | `tontine_guarantee_${"asked" | "signed"}`
  | `tontine_offer_${"accepted" | "declined" | "lapsed"}`
  | "tontine_countersign"
  | "tontine_change_applied"
>;

/** What one member is told of a change: whom it is about, by name, and the sum if there is one. */
interface Telling {
  to: bigint | null;
  kind: ChangeKind;
  about?: bigint | null;
}

/** Offers, their answers and their ends, each to those whom it concerns. */
const CHANGE_EVENTS: readonly TontineEvent["kind"][] = [
  "swap.offered",
  "swap.accepted",
  "swap.applied",
  "swap.declined",
  "swap.lapsed",
  "handover.offered",
  "handover.accepted",
  "handover.applied",
  "handover.declined",
  "handover.lapsed",
  "guarantee.offered",
  "guarantee.signed",
  "guarantee.declined",
  "member.leaving",
  "member.staying",
  "member.left",
];

export const isOfChange = ({ kind }: TontineEvent): boolean => CHANGE_EVENTS.includes(kind);

/** Members who are told of a change though it took them out of the group. */
export function goneByChange(event: TontineEvent): bigint[] {
  if (event.kind === "handover.applied") return sidesOf(event);
  return event.kind === "member.left" && event.memberId !== undefined ? [event.memberId] : [];
}

const sideOf = (value: unknown): bigint | null => (typeof value === "string" ? BigInt(value) : null);

const sidesOf = ({ details }: TontineEvent): bigint[] =>
  [sideOf(details?.from), sideOf(details?.to)].filter((side) => side !== null);

function tellingsOf(event: TontineEvent, members: readonly NamedMember[]): Telling[] {
  const { kind, memberId = null, details } = event;
  const [from, to] = [sideOf(details?.from), sideOf(details?.to)];
  const officersBut = (...sides: (bigint | null)[]): Telling[] =>
    members
      .filter(({ id, roles }) => !sides.includes(id) && roles.some((role) => role !== "auditor"))
      .map(({ id }) => ({ to: id, kind: "tontine_countersign", about: sides[0] ?? null }));
  switch (kind) {
    case "swap.offered":
      return [{ to, kind: "tontine_swap_offered", about: from }];
    case "handover.offered":
      return [{ to, kind: "tontine_place_offered", about: from }];
    case "guarantee.offered":
      return [{ to, kind: "tontine_guarantee_asked", about: from }];
    case "guarantee.signed":
      return [{ to: from, kind: "tontine_guarantee_signed", about: to }];
    case "swap.accepted":
    case "handover.accepted":
      return [{ to: from, kind: "tontine_offer_accepted", about: to }, ...officersBut(from, to)];
    case "member.leaving":
      return officersBut(memberId);
    case "swap.applied":
      return [{ to: memberId, kind: "tontine_change_applied" }];
    case "handover.applied":
      return [from, to].map((side) => ({ to: side, kind: "tontine_change_applied" }));
    case "member.left":
      return details?.officer === undefined ? [] : [{ to: memberId, kind: "tontine_change_applied" }];
    case "member.staying":
      return [{ to: memberId, kind: "tontine_offer_declined", about: sideOf(details?.by) }];
    case "swap.lapsed":
    case "handover.lapsed":
      return [from, to].map((side) => ({ to: side, kind: "tontine_offer_lapsed" }));
    default:
      return [from, to].map((side) => ({ to: side, kind: "tontine_offer_declined", about: memberId }));
  }
}

interface Told {
  userId: bigint;
  kind: ChangeKind;
  details: NoticeDetails<ChangeKind>;
  key: string;
}

interface Audience {
  group: { code: string; name: string; currency: Currency };
  members: readonly (NamedMember & { userId: bigint })[];
  names: ReadonlyMap<bigint, string>;
}

/** The notices of a change; nobody is told of what they did themselves. */
export function changeNotices(event: TontineEvent, { group, members, names }: Audience): Told[] {
  const once = newKey();
  return tellingsOf(event, members).flatMap(({ to, kind, about = null }) => {
    const member = members.find(({ id }) => id === to);
    if (!member || about === member.id) return [];
    const details = {
      ...{ code: group.code, group: group.name, name: names.get(about ?? 0n) ?? "" },
      ...{ amountMinor: (event.amountMinor ?? 0n).toString(), currency: group.currency },
      page: "changes" as const,
    };
    return [{ userId: member.userId, kind, details, key: `${kind}:${once}:${member.id}` }];
  });
}
