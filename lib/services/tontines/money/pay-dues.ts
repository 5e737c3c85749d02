import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import type { Context } from "../../context";
import { findOwnGroup, type Group, type OwnGroup, requireState } from "../groups/group";
import { cancelFines } from "../in-time/forgive-fines";
import { leaveOutFines } from "../in-time/leave-out-fines";
import { prepareRest } from "../payouts/pay-rest";
import { finishPayout, type PreparedPayout } from "../payouts/payout-steps";
import { potOf } from "../payouts/propose-payouts";
import { settlePaidTurn, settleTurn } from "../payouts/settle-turn";
import { readAmount } from "../read-fields";
import { readId } from "../read-id";
import { type PayDues, payDuesSchema } from "../schema";
import { findTurn, lockDues, type OwedDue, openMinor, selectOpenDues } from "../turns/store";
import { payOnce, type TontineReceipt } from "./pay-once";
import { type PostedStep, postSteps } from "./post-steps";
import { restoreMembers } from "./restore-members";
import { dueFromWallet, fromWallet, type Step } from "./steps";
import { countParts } from "./store";

interface Request {
  ids: bigint[];
  /** Of the only due; null pays all of them in full. */
  amountMinor: bigint | null;
}

/**
 * Pays dues of a group from the payer's wallet, the payer's own or anybody's in it: in full, or an amount of one where the rules allow parts. What
 * is more than a due asks for is kept for its debtor's next ones. When the turn's pot was paid out short, what comes now goes on to its
 * receiver in the same transaction. A replay of the same key answers the same payment. Throws `not_found`, `tontine_not_now` for
 * a due that is paid already, `insufficient_funds`, `validation_failed`, `wallet_frozen`, `money_out_limited`, `idempotency_mismatch`, and
 * what `checkPin` throws.
 */
export async function payDues(context: Context, input: PayDues): Promise<TontineReceipt> {
  const { code, dueIds, amount: typed, pin, key } = payDuesSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const { currency } = own.tontine;
  const ids = [...new Set(dueIds)].map(readId);
  const amountMinor = typed.trim() === "" ? null : readAmount("amount", typed, currency).amountMinor;
  if (ids.length === 0 || (amountMinor !== null && ids.length > 1)) throw new DomainError("not_found");
  return await payOpenDues(context, own, { ids, amountMinor }, { pin, key });
}

/** The rule of {@link payDues}, without a PIN where the API's permission stands for it. */
export async function payOpenDues(
  context: Context,
  own: OwnGroup,
  { ids, amountMinor }: Request,
  { pin, key }: { pin: string | null; key: string },
): Promise<TontineReceipt> {
  const request = { ids, amountMinor };
  const expected = amountMinor ?? (await sumOpen(context, own, ids));
  const fields = [ids.map(String).sort().join(" "), amountMinor?.toString() ?? null];
  const payment = { verb: "tontine_pay", key, pin, fields, amount: money(expected, own.tontine.currency) };
  return await payOnce(context, own, payment, async (tx, group) => {
    // A closed group's accounts stay empty.
    requireState(group, "running", "paused", "closing");
    const dues = await lockDues(tx, group.tontine.id, ids);
    if (dues.length !== ids.length) throw new DomainError("not_found");
    if (dues.some((due) => openMinor(due) === 0n)) throw new DomainError("tontine_not_now");
    const asked = await leaveOutFines(tx, group, { walletId: group.walletId, dues }, context.now);
    const steps = await stepsOf(tx, context, group, asked, request);
    const posted = await postWithRest(tx, context, group, steps);
    const gone = dues.filter((due) => !asked.includes(due) && due.paidMinor === 0n);
    await cancelFines(tx, context, group, gone);
    return posted;
  });
}

async function sumOpen(context: Context, own: OwnGroup, ids: readonly bigint[]): Promise<bigint> {
  const open = await selectOpenDues(context.db, own.tontine.id);
  return open.filter(({ id }) => ids.includes(id)).reduce((sum, due) => sum + openMinor(due), 0n);
}

async function stepsOf(
  tx: Transaction,
  context: Context,
  group: Group & { walletId: bigint; member: { id: bigint } },
  dues: readonly OwedDue[],
  { amountMinor }: Request,
): Promise<Step[]> {
  const parts = await countParts(
    tx,
    dues.map(({ id }) => id),
  );
  const { walletId } = group;
  const occurredAt = context.now;
  const steps: Step[] = [];
  for (const due of dues) {
    const open = openMinor(due);
    const paid = amountMinor === null || amountMinor > open ? open : amountMinor;
    if (paid < open && !group.parameters.partsAllowed) throw notInParts(open, group);
    const part = (parts.get(due.id) ?? 0) + 1;
    const payerMemberId = group.member.id;
    steps.push(dueFromWallet(group, { due, part, amountMinor: paid, walletId, payerMemberId, occurredAt }));
    const over = (amountMinor ?? paid) - paid;
    if (over > 0n) {
      const account = chart.tontineAdvance(group.accounts, due.memberId);
      const to = { type: "tontine_contribution", walletId, memberId: due.memberId, turnId: null } as const;
      steps.push(fromWallet(group, { ...to, amountMinor: over, account, occurredAt }));
    }
  }
  return steps;
}

function notInParts(openMinorAmount: bigint, { tontine }: Group): DomainError {
  const values = { amount: money(openMinorAmount, tontine.currency) };
  return new DomainError("validation_failed", {
    issues: [{ field: "amount", reason: "not_in_parts", values }],
  });
}

/** Posts payments of dues, and with them the rest of pots that were paid out short; then settles their turns. */
export async function postWithRest(
  tx: Transaction,
  context: Context,
  group: Group,
  steps: readonly Step[],
  { mayFail = false }: { mayFail?: boolean } = {},
): Promise<PostedStep[]> {
  const incoming = new Map<bigint, bigint>();
  for (const { due, amountMinor } of steps) {
    if (due?.due.kind !== "contribution") continue;
    incoming.set(due.due.turnId, (incoming.get(due.due.turnId) ?? 0n) + amountMinor);
  }
  const prepared: PreparedPayout[] = [];
  // Where a payment may fail, what comes is known afterwards: `payRest` pays it on.
  for (const [turnId, amountMinor] of mayFail ? [] : incoming) {
    const turn = await findTurn(tx, turnId);
    if (turn.state !== "part_paid") continue;
    const rest = (await potOf(tx, group, turnId)) + amountMinor;
    const before = [...steps, ...prepared.flatMap((payout) => payout.steps)];
    prepared.push(...(await prepareRest(tx, context, group, turn, rest, before)));
  }
  const posted = await postSteps(tx, context, group, [
    ...steps,
    ...prepared.flatMap((payout) => payout.steps),
  ]);
  for (const payout of prepared) await finishPayout(tx, context, group, payout, posted);
  for (const turnId of incoming.keys()) {
    const turn = await findTurn(tx, turnId);
    await settleTurn(tx, context, group, turn);
    if (turn.state === "part_paid" && !mayFail) await settlePaidTurn(tx, context, group, turn);
  }
  await restoreMembers(tx, group);
  return posted;
}
