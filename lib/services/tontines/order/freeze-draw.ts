import { addDays, dayOf, isDay } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { instantOf } from "../calendar";
import {
  findOwnGroup,
  inOwnGroup,
  type LockedGroup,
  recordEvents,
  requireRole,
  requireState,
} from "../groups/group";
import { FieldReader } from "../read-fields";
import { type FreezeDraw, freezeDrawSchema } from "../schema";
import { checkDigits, roundAt, timeOfRound, writeSheet } from "./draw-sheet";
import { DRAW_AHEAD_MINUTES, DRAW_STEP_MINUTES, LOTTO_AHEAD_DAYS_MAX } from "./policy";
import { type DrawRow, findDraw, insertDraw, selectDrawNumbers } from "./store";

const MINUTE_MS = 60_000;

type Source = Pick<DrawRow, "source" | "round" | "lotto" | "lottoDay" | "drawsAt">;

/**
 * Freezes the sheet of the draw, once all have signed: nothing that decides it changes any more, and its randomness is published an hour later at
 * the earliest. All are told its check digits. A cycle is drawn once: again changes nothing. The chair, with the PIN. Throws `not_found`,
 * `tontine_role_missing`, `tontine_not_now`, `validation_failed` about `lotto` and `lottoDay`, and what `checkPin` throws.
 */
export async function freezeDraw(context: Context, input: FreezeDraw): Promise<{ digits: string }> {
  const { code, pin, ...typed } = freezeDrawSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const source =
    typed.source === "quicknet" ? nextRound(context.now) : readLotto(typed, own.tontine, context.now);
  await checkPin(context, pin);
  return await inOwnGroup(context, own, async (tx, group) => {
    requireRole(group.member, "chair");
    requireState(group, "agreed");
    if (group.parameters.order !== "draw") throw new DomainError("tontine_not_now");
    const earlier = await findDraw(tx, group.cycle.id);
    if (earlier) return { digits: checkDigits(earlier.sheet) };
    const draw = await insertDraw(tx, {
      ...source,
      tontineId: group.tontine.id,
      cycleId: group.cycle.id,
      frozenBy: group.member.id,
      frozenAt: context.now,
      nextTryAt: source.source === "quicknet" ? source.drawsAt : null,
    });
    const sheet = sheetOf(group, draw, await selectDrawNumbers(tx, group.cycle.id));
    invariant(sheet === draw.sheet, "the database writes the sheet that the recipe says");
    const digits = checkDigits(sheet);
    await recordEvents(tx, context, group, [
      { kind: "draw.frozen", memberId: group.member.id, details: { digits, at: draw.drawsAt.toISOString() } },
    ]);
    return { digits };
  });
}

/** The first round at a full step of minutes that is far enough ahead. */
export function nextRound(now: Date): Source {
  const step = DRAW_STEP_MINUTES * MINUTE_MS;
  const earliest = now.getTime() + DRAW_AHEAD_MINUTES * MINUTE_MS;
  const round = roundAt(new Date(Math.ceil(earliest / step) * step));
  // Rounds come every three seconds, and minutes begin with one.
  return { source: "quicknet", round, lotto: null, lottoDay: null, drawsAt: timeOfRound(round) };
}

function readLotto(
  { lotto: name, lottoDay }: { lotto: string; lottoDay: string },
  { currency, zone }: LockedGroup["tontine"],
  now: Date,
): Source {
  const reader = new FieldReader(currency);
  const lotto = name.trim().replace(/\s+/g, " ");
  if (!/^[A-Za-z0-9][A-Za-z0-9 .-]{0,39}$/.test(lotto)) reader.refuse("lotto", "lotto_name_invalid");
  const today = dayOf(now, zone);
  const day = lottoDay.trim();
  if (!isDay(day) || day <= today || day > addDays(today, LOTTO_AHEAD_DAYS_MAX)) {
    reader.refuse("lottoDay", "lotto_day_invalid", { max: LOTTO_AHEAD_DAYS_MAX });
  }
  reader.require();
  // A draw of another day than this one: its numbers don't exist yet, and are typed from noon on.
  const drawsAt = instantOf(day, "12:00", zone);
  return { source: "lotto", round: null, lotto, lottoDay: day, drawsAt };
}

/** The sheet as the recipe on the draw's page says it. */
export function sheetOf(
  { tontine, cycle, holders }: Pick<LockedGroup, "tontine" | "cycle" | "holders">,
  { source, round, lotto, lottoDay }: Pick<DrawRow, "source" | "round" | "lotto" | "lottoDay">,
  numbers: ReadonlyMap<bigint, string>,
): string {
  const added = Array.from({ length: cycle.shareCount }, (_, index) =>
    holders
      .filter(({ position }) => position === index + 1)
      .flatMap(({ memberId }) => numbers.get(memberId) ?? [])
      .join("+"),
  );
  return writeSheet({
    code: tontine.code,
    cycle: cycle.number,
    source:
      source === "quicknet"
        ? { kind: "quicknet", round: round ?? 0 }
        : { kind: "lotto", name: lotto ?? "", day: lottoDay ?? "" },
    numbers: added,
  });
}
