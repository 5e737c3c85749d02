import { type Day, dayOf } from "@/lib/day-range";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { dueDays } from "../calendar";
import { readOwnGroup } from "../groups/group";
import { writeConsent } from "../mandates/consent-text";
import { selectMandates } from "../mandates/store";
import { FieldReader } from "../read-fields";
import { halvesOf } from "./view";

export interface MandateView {
  code: string;
  name: string;
  zone: string;
  /** The group lets its members give one now. */
  isPossible: boolean;
  /** The one that hasn't ended. */
  given: { state: "active" | "suspended"; ceiling: Money; endsOn: Day; givenAt: Date } | null;
  /** What would be consented to; with what is wrong in it when it can't be. */
  proposed: { ceiling: Money; endsOn: Day; fr: string; en: string };
  problems: readonly { field: string; reason: string }[];
  today: Day;
}

/**
 * A member's standing contribution, and the text of a new one: with this ceiling and last day, else with what a turn takes from them at most and the
 * last due day. Throws `unauthenticated`, `not_found`.
 */
export async function getMandate(
  context: Context,
  code: string,
  typed: { ceiling: string; endsOn: string },
): Promise<MandateView> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const { cycle, parameters, calendar } = group;
  const { currency } = tontine;
  const mandates = await selectMandates(context.db, tontine.id);
  const given = mandates.find(({ memberId }) => memberId === member.id);
  const reader = new FieldReader(currency);
  const halves = BigInt(Math.max(1, Math.min(2, halvesOf(group.holders, member.id))));
  const solidarityMinor = BigInt(parameters.solidarityMinor);
  const largest = cycle.contributionMinor > solidarityMinor ? cycle.contributionMinor : solidarityMinor;
  const usual = (largest * halves + 1n) / 2n;
  const ceiling = money(reader.amount("ceiling", typed.ceiling, usual), currency);
  const lastDay = dueDays(calendar, Math.ceil(cycle.shareCount / cycle.sharesPerTurn)).at(-1) ?? "";
  const today = dayOf(context.now, tontine.zone);
  const day = typed.endsOn.trim() || lastDay;
  const isPast = !/^\d{4}-\d{2}-\d{2}$/.test(day) || day < today;
  if (isPast) reader.refuse("endsOn", "date_past");
  const endsOn = isPast ? lastDay : day;
  const { fr, en } = writeConsent({ name: tontine.name, ceiling, endsOn });
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    isPossible: ["agreed", "running"].includes(tontine.state),
    given: given
      ? {
          state: given.state === "suspended" ? "suspended" : "active",
          ceiling: money(given.ceilingMinor, currency),
          endsOn: given.endsOn,
          givenAt: given.givenAt,
        }
      : null,
    proposed: { ceiling, endsOn, fr, en },
    problems: reader.issues.map(({ field, reason }) => ({ field, reason })),
    today,
  };
}
