// What people do in a history: each act is done by the model and by the product's verbs, which must end the same way.
import { TEST_PIN } from "@/e2e/support/people";
import { describeError } from "@/lib/describe-error";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { offerGuarantee, signGuarantee } from "@/lib/services/tontines/changes/guarantees";
import {
  acceptHandover,
  applyHandover,
  declineHandover,
  offerHandover,
} from "@/lib/services/tontines/changes/hand-over";
import { acceptLeaver, leaveTontine } from "@/lib/services/tontines/changes/leave-tontine";
import { acceptSwap, applySwap, declineSwap, offerSwap } from "@/lib/services/tontines/changes/swap-turns";
import { closeTontine } from "@/lib/services/tontines/closing/close-tontine";
import { endMandate, giveMandate } from "@/lib/services/tontines/mandates/give-mandate";
import { payDues } from "@/lib/services/tontines/money/pay-dues";
import { payInAdvance } from "@/lib/services/tontines/money/pay-in-advance";
import { repayDebts } from "@/lib/services/tontines/money/repay-debts";
import { approvePayout } from "@/lib/services/tontines/payouts/approve-payout";
import { confirmReceipt } from "@/lib/services/tontines/payouts/confirm-receipt";
import { proposeAgain } from "@/lib/services/tontines/payouts/propose-again";
import { refusePayout } from "@/lib/services/tontines/payouts/refuse-payout";
import { startTontine } from "@/lib/services/tontines/turns/start-tontine";
import { nameOfDue, readDueIds } from "./compare";
import { contextOf, readIds, type World } from "./group";
import * as rules from "./model/acts";
import { dayText } from "./model/arithmetic";
import { approve, mayApprove, settle } from "./model/money";
import { at, type Due, type Payout } from "./model/state";

const pin = TEST_PIN;

/** Does with the product what the model has done, and notes when it ends in another way. Answers whether it was done. */
async function alike(
  world: World,
  what: string,
  expected: rules.End,
  verbs: () => Promise<unknown>,
): Promise<boolean> {
  let end: rules.End = null;
  try {
    await verbs();
  } catch (error) {
    end = error instanceof DomainError ? error.code : JSON.stringify(describeError(error)).slice(0, 600);
  }
  if (end !== expected)
    world.violations.push(`${what}: ${expected ?? "done"} by the rules, ${end ?? "done"} in the product`);
  return end === null;
}

export async function start(world: World): Promise<boolean> {
  const { code, model } = world;
  const isDone = await alike(world, "starting", rules.start(model), () =>
    startTontine(contextOf(world, 0), { code, pin }),
  );
  await readIds(world);
  return isDone;
}

export async function pay(world: World, payer: number, dues: readonly Due[], amount: bigint | null) {
  const { code, now, model } = world;
  const ids = await readDueIds(world);
  const dueIds = dues.map((due) => ids.get(nameOfDue(world, due)) ?? "");
  const what = `${payer} pays ${amount ?? "all"} of ${dues.map((due) => `${due.kind} ${due.turn}/${due.holder}`).join(", ")}`;
  const end = rules.payDues(model, payer, { dues, amount, now });
  const input = { code, dueIds, amount: amount === null ? "" : String(amount), pin, key: newKey() };
  return await alike(world, what, end, () => payDues(contextOf(world, payer), input));
}

export async function payAhead(world: World, payer: number, amount: bigint) {
  const end = rules.payInAdvance(world.model, payer, amount);
  const input = { code: world.code, amount: String(amount), pin, key: newKey() };
  return await alike(world, `${payer} pays ${amount} ahead`, end, () =>
    payInAdvance(contextOf(world, payer), input),
  );
}

export async function repay(world: World, payer: number, amount: bigint) {
  const end = rules.repay(world.model, payer, amount);
  const input = { code: world.code, amount: String(amount), pin, key: newKey() };
  return await alike(world, `${payer} repays ${amount}`, end, () =>
    repayDebts(contextOf(world, payer), input),
  );
}

export async function consent(world: World, member: number, ceiling: bigint, endsOn: number) {
  const { code, now, model } = world;
  const end = rules.giveMandate(model, member, { ceiling, endsOn, now });
  const input = { code, ceiling: String(ceiling), endsOn: dayText(endsOn), pin };
  return await alike(world, `${member} consents up to ${ceiling}`, end, () =>
    giveMandate(contextOf(world, member), input),
  );
}

export async function revoke(world: World, member: number) {
  const end = rules.endMandate(world.model, member);
  return await alike(world, `${member} revokes`, end, () =>
    endMandate(contextOf(world, member), { code: world.code }),
  );
}

export async function vouch(world: World, member: number, guarantor: number, amount: bigint) {
  const { code, model } = world;
  const end = rules.guarantee(model, member, guarantor, amount);
  const guarantorId = String(world.memberIds[guarantor]);
  return await alike(world, `${guarantor} answers for ${member} up to ${amount}`, end, async () => {
    const offer = { code, guarantorId, amount: String(amount) };
    const { guaranteeId } = await offerGuarantee(contextOf(world, member), offer);
    await signGuarantee(contextOf(world, guarantor), { code, guaranteeId: String(guaranteeId), pin });
  });
}

export async function leave(world: World, leaver: number, officer: number) {
  const { code, model } = world;
  const end = rules.leave(model, leaver, officer);
  return await alike(world, `${leaver} leaves`, end, async () => {
    await leaveTontine(contextOf(world, leaver), { code, pin });
    const memberId = String(world.memberIds[leaver]);
    await acceptLeaver(contextOf(world, officer), { code, memberId, pin });
  });
}

export async function swap(world: World, holders: readonly [number, number], sum: bigint, officer: number) {
  const { code, model } = world;
  const [from, to] = holders.map((holder) => at(model.holders, holder).member) as [number, number];
  const [holderId, withHolderId] = holders.map((holder) => at(world.holderIds, holder)) as [string, string];
  const end = rules.swap(model, holders[0], holders[1], sum);
  return await alike(world, `${from} swaps with ${to} for ${sum}`, end, async () => {
    const offer = { code, holderId, withHolderId, consideration: String(sum), pin };
    const id = String((await offerSwap(contextOf(world, from), offer)).swapId);
    await acceptSwap(contextOf(world, to), { code, id, pin });
    await applySwap(contextOf(world, officer), { code, id, pin }).catch(async (error: unknown) => {
      await declineSwap(contextOf(world, from), { code, id });
      throw error;
    });
  });
}

export async function handOver(world: World, holder: number, to: number, officer: number) {
  const { code, model } = world;
  const from = at(model.holders, holder).member;
  const end = rules.handOver(model, holder, to);
  return await alike(world, `${from} hands holder ${holder} over to ${to}`, end, async () => {
    const offer = {
      code,
      holderId: at(world.holderIds, holder),
      toMemberId: String(world.memberIds[to]),
      pin,
    };
    const id = String((await offerHandover(contextOf(world, from), offer)).handoverId);
    await acceptHandover(contextOf(world, to), { code, id, pin });
    await applyHandover(contextOf(world, officer), { code, id, pin }).catch(async (error: unknown) => {
      await declineHandover(contextOf(world, from), { code, id });
      throw error;
    });
  });
}

/** A proposal's id, and the hash of what is shown. */
async function readProposal(
  world: World,
  { turn, holder }: Payout,
): Promise<{ payoutId: string; hash: string }> {
  const [row] = await world.owner<{ payoutId: string; hash: string }[]>`
    select id as "payoutId", encode(shown_hash, 'hex') as hash from tontine_payouts
    where turn_id = ${at(world.turnIds, turn)} and holder_id = ${at(world.holderIds, holder)} and state = 'proposed'`;
  return row ?? { payoutId: "", hash: "" };
}

export async function approveOne(world: World, payout: Payout, member: number) {
  const { code, model, now } = world;
  const proposal = await readProposal(world, payout);
  const end = approve(model, payout, member, now);
  return await alike(world, `${member} approves turn ${payout.turn}`, end, () =>
    approvePayout(contextOf(world, member), { code, ...proposal, pin }),
  );
}

export async function refuse(world: World, payout: Payout, member: number) {
  const { code, model, now } = world;
  const proposal = await readProposal(world, payout);
  const may = mayApprove(model, payout, member, now);
  if (may) payout.state = "refused";
  const input = { code, payoutId: proposal.payoutId, reason: "pas encore", pin };
  return await alike(
    world,
    `${member} refuses turn ${payout.turn}`,
    may ? null : "tontine_role_missing",
    () => refusePayout(contextOf(world, member), input),
  );
}

export async function askAgain(world: World, turn: number, officer: number) {
  const { code, model, now } = world;
  settle(model, [turn], now);
  return await alike(world, `${officer} proposes turn ${turn} again`, null, () =>
    proposeAgain(contextOf(world, officer), { code, turnId: at(world.turnIds, turn) }),
  );
}

export async function confirm(world: World, turn: number, receiver: number) {
  at(world.model.turns, turn).state = "closed";
  return await alike(world, `${receiver} confirms turn ${turn}`, null, () =>
    confirmReceipt(contextOf(world, receiver), { code: world.code, turnId: at(world.turnIds, turn) }),
  );
}

export async function close(world: World, officer: number) {
  const { code, model } = world;
  return await alike(world, `${officer} closes`, rules.close(model, officer), () =>
    closeTontine(contextOf(world, officer), { code, pin }),
  );
}

/** Freezes a wallet, or takes the freeze off. */
export async function freeze(world: World, member: number, isFrozen: boolean): Promise<void> {
  const person = world.people[member];
  if (!person) return;
  at(world.model.members, member).isFrozen = isFrozen;
  await world.owner`update wallets set frozen_at = ${isFrozen ? new Date(world.now) : null} where id = ${person.walletId.toString()}`;
}
