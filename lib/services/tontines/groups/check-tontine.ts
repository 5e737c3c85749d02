import type { z } from "zod";
import { dayOf } from "@/lib/day-range";
import { cleanLine, isReadableLabel } from "@/lib/text";
import { type Calendar, calendarProblem } from "../calendar";
import { SHARES_MAX } from "../policy";
import { FieldReader } from "../read-fields";
import { defaultParameters, type Parameters } from "../rules";
import type { RulesInput } from "../rules-text";
import type { createTontineSchema } from "../schema";

type Typed = z.output<typeof createTontineSchema>;

const NAME_LENGTH_MAX = 60;

/** All of a new group, checked. Throws `validation_failed` with one issue a field. */
export function checkTontine(typed: Typed, now: Date): RulesInput & { ownHalves: number } {
  const reader = new FieldReader(typed.currency);
  const name = cleanLine(typed.name.replace(/\s+/g, " "));
  if (name === "") reader.refuse("name", "tontine_name_required");
  else if ([...name].length > NAME_LENGTH_MAX) reader.refuse("name", "too_long", { max: NAME_LENGTH_MAX });
  else if (!isReadableLabel(name)) reader.refuse("name", "name_unreadable");
  const contributionMinor = reader.amount("contribution", typed.contribution, null);
  const shareCount = reader.whole("shares", typed.shares, null, [2, SHARES_MAX]);
  const sharesPerTurn = reader.whole("sharesPerTurn", typed.sharesPerTurn, 1, [1, shareCount]);
  const ownHalves = reader.halves("ownShares", typed.ownShares, 2, 0, shareCount * 2);
  const zone = readZone(typed.zone);
  if (zone === null) reader.refuse("zone", "zone_invalid");
  const calendar = readCalendar(typed, reader);
  const turns = Math.ceil(shareCount / sharesPerTurn);
  const problem = zone === null ? null : calendarProblem(calendar, turns, dayOf(now, zone));
  if (problem !== null) reader.refuse(fieldOf(problem, calendar), problem);
  const parameters = readParameters(typed, contributionMinor, reader);
  reader.require();
  return {
    name,
    currency: typed.currency,
    contributionMinor,
    shareCount,
    sharesPerTurn,
    ownHalves,
    zone: zone ?? "UTC",
    calendar,
    parameters,
  };
}

/** A zone that this machine's calendar knows, as IANA writes it. */
function readZone(typed: string): string | null {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: typed.trim() || "Africa/Abidjan" }).resolvedOptions()
      .timeZone;
  } catch {
    return null;
  }
}

function readCalendar(typed: Typed, reader: FieldReader): Calendar {
  const time = typed.time.trim() || "18:00";
  const first = typed.firstDay.trim();
  if (typed.calendar === "dates")
    return { kind: "dates", time, dates: typed.dates.split(/[\s,;]+/).filter(Boolean) };
  if (typed.calendar !== "monthly") return { kind: typed.calendar, time, first };
  const ofFirst = Number(first.slice(8)) || 1;
  return {
    kind: "monthly",
    time,
    first,
    dayOfMonth: reader.whole("dayOfMonth", typed.dayOfMonth, ofFirst, [1, 31]),
  };
}

const fieldOf = (problem: string, { kind }: Calendar): string => {
  if (problem === "time_invalid") return "time";
  return kind === "dates" ? "dates" : "firstDay";
};

function readParameters(typed: Typed, contributionMinor: bigint, reader: FieldReader): Parameters {
  const usual = defaultParameters(contributionMinor);
  const closesAfterDays = reader.whole(
    "closesAfterDays",
    typed.closesAfterDays,
    usual.closesAfterDays,
    [0, 30],
  );
  const amount = (field: string, text: string, empty: string) =>
    reader.amount(field, text, BigInt(empty), { mayBeZero: true }).toString();
  return {
    ...usual,
    partsAllowed: typed.partsAllowed === "on",
    order: typed.order,
    fineBeforeMinor: amount("fineBefore", typed.fineBefore, usual.fineBeforeMinor),
    fineAfterMinor: amount("fineAfter", typed.fineAfter, usual.fineAfterMinor),
    fineCapMinor: amount("fineCap", typed.fineCap, usual.fineCapMinor),
    closesAfterDays,
    // A pot waits for nobody beyond its closing time.
    extensionDays: reader.whole("extensionDays", typed.extensionDays, 0, [0, closesAfterDays]),
    solidarityMinor: amount("solidarity", typed.solidarity, usual.solidarityMinor),
    entryMinor: amount("entryFee", typed.entryFee, usual.entryMinor),
    depositMinor: amount("deposit", typed.deposit, usual.depositMinor),
    retentionOneIn: reader.whole("retentionOneIn", typed.retentionOneIn, usual.retentionOneIn, [0, 100]),
  };
}
