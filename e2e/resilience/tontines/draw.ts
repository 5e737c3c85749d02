import type { Random } from "../random";
import { type DayNumber, monthsLater } from "./model/arithmetic";
import type { Rules } from "./model/state";

/** How somebody pays: always in time, when they think of it, or seldom. */
export type Habit = "punctual" | "forgetful" | "seldom";

export interface DrawnPerson {
  /** Halves of shares. */
  halves: number;
  hasAccount: boolean;
  habit: Habit;
  francs: bigint;
}

/** A group, as its founder makes it. */
export interface DrawnGroup {
  rules: Rules;
  zone: string;
  calendar: "weekly" | "two_weekly" | "monthly" | "dates";
  dueDays: DayNumber[];
  dayOfMonth: number;
  people: DrawnPerson[];
  shares: number;
  /** The day on which it is made. */
  madeOn: DayNumber;
}

const ZONES = [
  { zone: "Africa/Abidjan", hoursAhead: 0 },
  { zone: "Africa/Lagos", hoursAhead: 1 },
  { zone: "Africa/Maputo", hoursAhead: 2 },
] as const;
// Sums that halves, thirds and percentages don't divide.
const CONTRIBUTIONS = [10_000, 9_999, 5_001, 2_500, 101, 700_001] as const;
const FIRST_YEAR_DAY = Date.UTC(2031, 0, 1) / 86_400_000;
const DAYS = 730;

export function drawGroup(random: Random): DrawnGroup {
  const people = drawPeople(random);
  const halves = people.reduce((sum, person) => sum + person.halves, 0);
  const shares = halves / 2;
  const sharesPerTurn = shares % 2 === 0 && random.chance(0.3) ? 2 : 1;
  const madeOn = FIRST_YEAR_DAY + random.int(0, DAYS);
  const { zone, hoursAhead } = random.pick(ZONES);
  const contribution = random.pick(CONTRIBUTIONS);
  const days = drawDays(random, madeOn, shares / sharesPerTurn);
  const part = (percent: number) => BigInt(Math.floor((contribution * percent) / 100));
  const rules: Rules = {
    contribution: BigInt(contribution),
    sharesPerTurn,
    parts: random.chance(0.5),
    fineBefore: part(random.pick([0, 3, 7])),
    fineAfter: part(random.pick([0, 10, 33])),
    fineCap: part(random.pick([5, 50, 200])),
    closesAfterDays: random.int(0, 5),
    solidarity: part(random.pick([0, 0, 5, 11])),
    entry: part(random.pick([0, 0, 13])),
    deposit: part(random.pick([0, 0, 40, 100])),
    keepsOneIn: BigInt(random.pick([0, 2, 3, 7])),
    hoursAhead,
    dueHour: random.pick([9, 18, 23]),
  };
  const funded = people.map((person) => ({ ...person, francs: drawFrancs(random, rules, person, shares) }));
  return { rules, zone, ...days, people: funded, shares, madeOn };
}

function drawPeople(random: Random): DrawnPerson[] {
  const count = random.weighted({ few: 6, more: 3, many: 1 });
  const [from, to] = ({ few: [3, 5], more: [6, 8], many: [9, 12] } as const)[count];
  const people = random.int(from, to);
  const drawn = Array.from({ length: people }, (_, index): DrawnPerson => {
    const halves = Number(random.weighted({ "1": 2, "2": 8, "3": 1, "4": 1 }));
    const habit = random.weighted({ punctual: 5, forgetful: 3, seldom: 1 });
    // The first three hold the offices.
    return { halves, habit, hasAccount: index < 3 || random.chance(0.9), francs: 0n };
  });
  const odd = drawn.filter(({ halves }) => halves % 2 === 1);
  const [last] = odd.slice(-1);
  if (odd.length % 2 === 1 && last) last.halves += 1;
  return drawn;
}

function drawFrancs(
  random: Random,
  { contribution }: Rules,
  { halves, habit }: DrawnPerson,
  shares: number,
): bigint {
  const all = (contribution * BigInt(halves * shares)) / 2n;
  const percent = { punctual: [130, 250], forgetful: [20, 200], seldom: [0, 60] }[habit] as [number, number];
  return (all * BigInt(random.int(...percent))) / 100n;
}

function drawDays(random: Random, madeOn: DayNumber, turns: number) {
  const first = madeOn + random.int(4, 12);
  const calendar = random.weighted({ weekly: 5, two_weekly: 2, monthly: 2, dates: 3 });
  const dayOfMonth = random.pick([1, 15, 29, 30, 31]);
  const dueDays: DayNumber[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const before = dueDays.at(-1) ?? first;
    if (calendar === "monthly") dueDays.push(monthsLater(first + 31, turn, dayOfMonth));
    else if (turn === 0) dueDays.push(first);
    else dueDays.push(before + { weekly: 7, two_weekly: 14, dates: random.int(1, 9) }[calendar]);
  }
  return { calendar, dueDays, dayOfMonth };
}
