import type { Reader } from "@/db/client";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { type Calendar, dueDays } from "../calendar";
import { type Group, readGroup } from "../groups/group";
import { selectTontinesOf } from "../groups/store";
import { GONE_STATES } from "../kinds";
import { partOfHolder } from "../turns/part-of-holder";

/** Groups that are looked at. */
const GROUPS_MAX = 50;
const GOES_ON: readonly string[] = ["inviting", "agreed", "running", "paused"];
const DAYS_IN_MONTH = 365 / 12;

/** How often a calendar asks in a month, in ten-thousandths. */
export function turnsPerMonth(calendar: Calendar, turns: number): bigint {
  const days = { weekly: 7, two_weekly: 14, monthly: DAYS_IN_MONTH, dates: apart(calendar, turns) }[
    calendar.kind
  ];
  return BigInt(Math.round((DAYS_IN_MONTH / days) * 10_000));
}

/** Days between two of a group's own dates, on average. */
function apart(calendar: Calendar, turns: number): number {
  const days = dueDays(calendar, turns);
  const [first, last] = [Date.parse(days[0] ?? ""), Date.parse(days.at(-1) ?? "")];
  return days.length > 1 && last > first ? (last - first) / 86_400_000 / (days.length - 1) : DAYS_IN_MONTH;
}

/** What so much a turn is in a month, rounded up. */
export function perMonth(
  { calendar, cycle }: Pick<Group, "calendar" | "cycle">,
  perTurnMinor: bigint,
): bigint {
  const turns = Math.ceil(cycle.shareCount / cycle.sharesPerTurn);
  return (perTurnMinor * turnsPerMonth(calendar, turns) + 9_999n) / 10_000n;
}

/** What a person's tontines in a currency ask of them in a month, but for one of them. */
export async function askedPerMonth(
  reader: Reader,
  userId: bigint,
  { currency, except }: { currency: Currency; except: bigint },
): Promise<{ count: number; amount: Money }> {
  const all = await selectTontinesOf(reader, userId, GROUPS_MAX);
  let [count, total] = [0, 0n];
  for (const { tontine, member } of all) {
    const isOther = tontine.id !== except && tontine.currency === currency;
    if (!isOther || !GOES_ON.includes(tontine.state) || GONE_STATES.includes(member.state)) continue;
    const group = await readGroup(reader, tontine);
    const share = group.cycle.contributionMinor + BigInt(group.parameters.solidarityMinor);
    const perTurn = group.holders
      .filter(({ memberId }) => memberId === member.id)
      .reduce((sum, holder) => sum + partOfHolder(share, holder, group.holders), 0n);
    if (perTurn === 0n) continue;
    count += 1;
    total += perMonth(group, perTurn);
  }
  return { count, amount: money(total, currency) };
}
