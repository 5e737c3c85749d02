import { isDay } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { findOwnGroup, inOwnGroup, recordEvents, requireState } from "../groups/group";
import { FieldReader } from "../read-fields";
import { type GiveMandate, giveMandateSchema, type NamedTontine } from "../schema";
import { writeConsent } from "./consent-text";
import { insertMandate, selectMandates, updateMandate } from "./store";

/**
 * Consents to a standing contribution, with the PIN: dues of this group are paid from the member's wallet on the due day, up to `ceiling` each,
 * until the day `endsOn`. It replaces an earlier one. Throws `not_found`, `tontine_not_now`, `validation_failed`, and what `checkPin` throws.
 */
export async function giveMandate(context: Context, input: GiveMandate): Promise<void> {
  const { code, ceiling: typed, endsOn, pin } = giveMandateSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const reader = new FieldReader(own.tontine.currency);
  const ceilingMinor = reader.amount("ceiling", typed, null);
  if (!isDay(endsOn.trim())) reader.refuse("endsOn", "date_invalid");
  reader.require();
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    requireState(group, "agreed", "running");
    const { tontine, member } = group;
    await end(tx, context, group, member.id);
    const ceiling = money(ceilingMinor, tontine.currency);
    const consent = writeConsent({ name: tontine.name, ceiling, endsOn: endsOn.trim() });
    await insertMandate(tx, {
      tontineId: tontine.id,
      memberId: member.id,
      ceilingMinor,
      endsOn: endsOn.trim(),
      textHash: consent.hash,
      givenAt: context.now,
    });
    const about = { memberId: member.id, amountMinor: ceilingMinor };
    await recordEvents(tx, context, group, [{ kind: "mandate.given", ...about }]);
  });
}

/** Ends the member's standing contribution at once, in one tap. Again changes nothing. Throws `not_found`. */
export async function endMandate(context: Context, { code }: NamedTontine): Promise<void> {
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, (tx, group) => end(tx, context, group, group.member.id));
}

/** Takes a suspended one up again, with the PIN. Throws `not_found`, `tontine_not_now` when there is none. */
export async function resumeMandate(
  context: Context,
  { code, pin }: { code: string; pin: string },
): Promise<void> {
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    const mandates = await selectMandates(tx, group.tontine.id);
    const mandate = mandates.find(({ memberId }) => memberId === group.member.id);
    if (!mandate) throw new DomainError("tontine_not_now");
    if (mandate.state === "suspended") await updateMandate(tx, mandate.id, { state: "active", failures: 0 });
  });
}

type Locked = Parameters<Parameters<typeof inOwnGroup>[2]>;

async function end(tx: Locked[0], context: Context, group: Locked[1], memberId: bigint): Promise<void> {
  const mandates = await selectMandates(tx, group.tontine.id);
  const mandate = mandates.find((each) => each.memberId === memberId);
  if (!mandate) return;
  await updateMandate(tx, mandate.id, { state: "ended", endedAt: context.now });
  await recordEvents(tx, context, group, [{ kind: "mandate.ended", memberId }]);
}
