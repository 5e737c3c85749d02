import type { Transaction } from "@/db/client";
import { dayOf, isDay } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import {
  findOwnGroup,
  inOwnGroup,
  type LockedGroup,
  OFFICERS,
  recordEvents,
  requireRole,
  requireState,
} from "../groups/group";
import { FieldReader } from "../read-fields";
import { type ConfirmLotto, confirmLottoSchema, type TypeLotto, typeLottoSchema } from "../schema";
import { applyDraw } from "./apply-draw";
import { readLottoNumbers } from "./draw-sheet";
import { type DrawRow, findDraw, findDrawResult, updateDraw } from "./store";

/**
 * Types the numbers of the lotto that a frozen sheet names, from its day on; of a draw that didn't take place those of the first later one,
 * with its day. They count once another officer confirms them. Officers, with the PIN. Throws `not_found`, `tontine_role_missing`,
 * `tontine_not_now`, `validation_failed` about `numbers` and `day`, and what `checkPin` throws.
 */
export async function typeLottoNumbers(context: Context, input: TypeLotto): Promise<void> {
  const { code, numbers: typed, day: typedDay, pin } = typeLottoSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const reader = new FieldReader(own.tontine.currency);
  const numbers = readLottoNumbers(typed);
  if (numbers === null) reader.refuse("numbers", "lotto_numbers_invalid");
  const day = typedDay.trim();
  if (!isDay(day) || day > dayOf(context.now, own.tontine.zone)) reader.refuse("day", "lotto_day_future");
  reader.require();
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    const draw = await requireLotto(tx, context, group);
    if (day < (draw.lottoDay ?? "")) {
      throw new DomainError("validation_failed", { issues: [{ field: "day", reason: "lotto_day_early" }] });
    }
    if (draw.state === "typed" && draw.typedNumbers === numbers && draw.typedDay === day) return;
    // Another officer's numbers are refused first: nobody types over them in silence.
    if (draw.state === "typed" && draw.typedBy !== group.member.id) throw new DomainError("tontine_not_now");
    await updateDraw(tx, draw.id, {
      state: "typed",
      typedNumbers: numbers,
      typedDay: day,
      typedBy: group.member.id,
    });
    const details = { numbers, day };
    await recordEvents(tx, context, group, [{ kind: "draw.typed", memberId: group.member.id, details }]);
  });
}

/**
 * Confirms the numbers that another officer typed, as they were shown: the draw is made with them, once. Officers who didn't type them, with the
 * PIN. Again changes nothing. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`, `approval_stale` when the numbers are others by
 * now, and what `checkPin` throws.
 */
export async function confirmLottoNumbers(context: Context, input: ConfirmLotto): Promise<void> {
  const { code, numbers, pin } = confirmLottoSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    const made = await findDraw(tx, group.cycle.id);
    const result = made && (await findDrawResult(tx, made.id));
    if (result?.confirmedBy === group.member.id && result.randomness === numbers) return;
    const draw = await requireTyped(tx, context, group);
    const { typedNumbers, typedDay } = draw;
    if (typedNumbers === null || typedNumbers !== numbers) throw new DomainError("approval_stale");
    const randomness = { randomness: numbers, lottoDay: typedDay, confirmedBy: group.member.id };
    await applyDraw(tx, context, group, { draw, randomness });
  });
}

/**
 * Says that the numbers which another officer typed are wrong: they are typed again. Officers who didn't type them. Throws `not_found`,
 * `tontine_role_missing`, `tontine_not_now`.
 */
export async function refuseLottoNumbers(context: Context, { code }: { code: string }): Promise<void> {
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    const draw = await requireTyped(tx, context, group);
    await updateDraw(tx, draw.id, { state: "frozen", typedNumbers: null, typedDay: null, typedBy: null });
    await recordEvents(tx, context, group, [{ kind: "draw.refused", memberId: group.member.id }]);
  });
}

async function requireLotto(tx: Transaction, context: Context, group: LockedGroup): Promise<DrawRow> {
  requireRole(group.member, ...OFFICERS);
  requireState(group, "agreed");
  const draw = await findDraw(tx, group.cycle.id);
  const waits = draw?.source === "lotto" && draw.state !== "drawn" && context.now >= draw.drawsAt;
  if (!draw || !waits) throw new DomainError("tontine_not_now");
  return draw;
}

async function requireTyped(tx: Transaction, context: Context, group: LockedGroup): Promise<DrawRow> {
  const draw = await requireLotto(tx, context, group);
  if (draw.state !== "typed") throw new DomainError("tontine_not_now");
  if (draw.typedBy === group.member.id) throw new DomainError("tontine_role_missing");
  return draw;
}
