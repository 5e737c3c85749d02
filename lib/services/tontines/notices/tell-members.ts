import type { Transaction } from "@/db/client";
import type { Currency } from "@/lib/money/currency";
import type { NoticeDetails, RecordedNoticeKind } from "../../notices/details";
import type { TontineEvent } from "../events";
import { insertNotices, type NamedMember, selectNamedMembers } from "./store";
import { changeNotices, goneByChange, isOfChange } from "./tell-of-changes";

interface ToldGroup {
  id: bigint;
  code: string;
  name: string;
  currency: Currency;
  zone: string;
}

/** Events that concern one member or few, and those that all hear of. What makes somebody late is in neither: see `remindDues`. */
const TO_FEW: readonly TontineEvent["kind"][] = ["mandate.suspended", "due.paid"];
const TO_ALL: readonly TontineEvent["kind"][] = [
  "group.started",
  "group.closing",
  "group.cancelled",
  "rules.proposed",
  "approval.needed",
  "payout.posted",
  "turn.deferred",
  "draw.frozen",
  "draw.typed",
  "draw.refused",
  "draw.drawn",
  "turn.returned",
];

/**
 * Writes what members are told of events, in the transaction of what happened: payouts and rules to all, payouts to approve to those who
 * hold an office and don't receive, a payment for somebody else to them, a change to those whom it concerns.
 */
export async function tellMembers(
  tx: Transaction,
  group: ToldGroup,
  events: readonly TontineEvent[],
  at: Date,
): Promise<void> {
  const told = events.filter((event) => TO_ALL.includes(event.kind) || isToFew(event) || isOfChange(event));
  if (told.length === 0) return;
  const toAll = told.some((event) => TO_ALL.includes(event.kind) || isOfChange(event));
  const ids = told.flatMap(({ memberId }) => memberId ?? []);
  const payers = told.flatMap((event) => payerOf(event) ?? []);
  const named = await selectNamedMembers(
    tx,
    group.id,
    toAll ? null : [...new Set([...ids, ...payers])],
    told.flatMap(goneByChange),
  );
  const names = new Map(named.map(({ id, name }) => [id, name]));
  const members = named.flatMap(({ userId, ...member }) => (userId === null ? [] : [{ ...member, userId }]));
  await insertNotices(
    tx,
    told
      .flatMap((event) => noticesOf(event, { group, members, names, at }))
      .map((notice) => ({ ...notice, createdAt: at })),
  );
}

const isToFew = (event: TontineEvent): boolean =>
  TO_FEW.includes(event.kind) && (event.kind !== "due.paid" || payerOf(event) !== null);

/** The member who paid somebody else's due; null for one who paid their own. */
function payerOf({ memberId, details }: TontineEvent): bigint | null {
  const payer = details?.payer;
  return typeof payer !== "string" || payer === memberId?.toString() ? null : BigInt(payer);
}

interface Told<K extends RecordedNoticeKind = RecordedNoticeKind> {
  userId: bigint;
  kind: K;
  details: NoticeDetails<K>;
  key: string;
}

type ToldMember = NamedMember & { userId: bigint };

interface Telling {
  group: ToldGroup;
  members: readonly ToldMember[];
  names: ReadonlyMap<bigint, string>;
  at: Date;
}

function noticesOf(event: TontineEvent, telling: Telling): Told[] {
  const { group, members, names, at } = telling;
  if (isOfChange(event)) return changeNotices(event, telling);
  const { memberId, payoutId } = event;
  const about = { code: group.code, group: group.name };
  const amount = amountOf(event, group);
  const name = names.get(memberId ?? 0n) ?? "";
  const all = (kind: "tontine_started" | "tontine_closing" | "tontine_cancelled"): Told[] =>
    members.map(({ userId }) => ({ userId, kind, details: about, key: `${kind}:${group.id}` }));
  switch (event.kind) {
    case "group.started":
      return all("tontine_started");
    case "group.closing":
      return all("tontine_closing");
    case "group.cancelled":
      return all("tontine_cancelled");
    case "turn.returned": {
      const key = `tontine_returned:${event.turnId}`;
      return members.map(({ userId }) => ({ userId, kind: "tontine_returned", details: about, key }));
    }
    case "turn.deferred": {
      const key = `tontine_deferred:${event.turnId}:${memberId}`;
      return members
        .filter(({ id }) => id !== memberId)
        .map(({ userId }) => ({ userId, kind: "tontine_deferred", details: { ...about, name }, key }));
    }
    case "rules.proposed": {
      const key = `tontine_rules:${group.id}:${at.toISOString()}`;
      return members.map(({ userId }) => ({ userId, kind: "tontine_rules", details: about, key }));
    }
    case "draw.frozen":
    case "draw.typed":
    case "draw.refused":
    case "draw.drawn":
      return noticesOfDraw(event, telling);
    case "approval.needed":
      return members
        .filter(({ id, roles }) => roles.length > 0 && id !== memberId)
        .map(({ userId }) => ({
          userId,
          kind: "tontine_approval",
          details: { ...amount, name, payoutId: `${payoutId}` },
          key: `tontine_approval:${payoutId}`,
        }));
    case "payout.posted":
      return members.map(({ userId, id }) =>
        id === memberId
          ? { userId, kind: "tontine_received", details: amount, key: `tontine_received:${payoutId}` }
          : {
              userId,
              kind: "tontine_payout",
              details: { ...amount, name },
              key: `tontine_payout:${payoutId}`,
            },
      );
    default:
      return members.filter(({ id }) => id === memberId).map(({ userId }) => toOne(event, userId, telling));
  }
}

/** Of a draw: its sheet and result to all, what another officer typed and what was refused to officers. */
function noticesOfDraw(event: TontineEvent, { group, members, names, at }: Telling): Told[] {
  const about = { code: group.code, group: group.name };
  const { digits = "", at: dueAt = "" } = (event.details ?? {}) as Record<string, string>;
  const others = members.filter(({ roles, id }) => roles.length > 0 && id !== event.memberId);
  const key = (kind: string) => `${kind}:${group.id}:${at.toISOString()}`;
  switch (event.kind) {
    case "draw.frozen": {
      const details = { ...about, digits, dueAt, zone: group.zone };
      return members.map(({ userId }) => ({
        ...{ userId, details, kind: "tontine_draw_frozen" },
        key: key("tontine_draw_frozen"),
      }));
    }
    case "draw.typed": {
      const details = { ...about, name: names.get(event.memberId ?? 0n) ?? "" };
      return others.map(({ userId }) => ({
        ...{ userId, details, kind: "tontine_draw_typed" },
        key: key("tontine_draw_typed"),
      }));
    }
    case "draw.refused":
      return others.map(({ userId }) => ({
        ...{ userId, details: about, kind: "tontine_draw_refused" },
        key: key("tontine_draw_refused"),
      }));
    default:
      return members.map(({ userId }) => ({
        ...{ userId, details: about, kind: "tontine_drawn" },
        key: key("tontine_drawn"),
      }));
  }
}

const amountOf = ({ amountMinor = 0n }: TontineEvent, { code, name, currency }: ToldGroup) => ({
  ...{ code, group: name },
  amountMinor: amountMinor.toString(),
  currency,
});

function toOne(event: TontineEvent, userId: bigint, { group, names, at }: Telling): Told {
  const payer = payerOf(event);
  const time = at.toISOString();
  if (event.kind === "due.paid" && payer !== null) {
    const details = { ...amountOf(event, group), name: names.get(payer) ?? "" };
    return { userId, kind: "tontine_paid_for", details, key: `tontine_paid_for:${event.dueId}:${time}` };
  }
  const details = { code: group.code, group: group.name };
  const key = `tontine_mandate_suspended:${event.memberId}:${time}`;
  return { userId, kind: "tontine_mandate_suspended", details, key };
}
