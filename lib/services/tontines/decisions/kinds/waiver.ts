import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../../context";
import { type Group, recordEvents } from "../../groups/group";
import { restoreMembers } from "../../money/restore-members";
import { insertNotices, selectNamedMembers } from "../../notices/store";
import { settlePaidTurn, settleTurn } from "../../payouts/settle-turn";
import { readId } from "../../read-id";
import {
  findTurn,
  lockDues,
  type OwedDue,
  openMinor,
  selectOpenDues,
  selectReceivers,
  waiveDue,
} from "../../turns/store";
import { type Asking, type Consequence, type DecisionRule, parameterOf } from "../decision-rule";
import type { DecisionRow } from "../store";

/** What loses by it that a due of a kind isn't paid. */
const LOSS: Readonly<Record<OwedDue["kind"], string>> = {
  contribution: "pot_short",
  solidarity: "fund_less",
  deposit: "deposit_less",
  fine: "box_less",
  entry: "box_less",
};

const requireOwnOrOffice = ({ member }: Asking, memberId: bigint): void => {
  if (memberId !== member.id && member.roles.length === 0) throw new DomainError("tontine_role_missing");
};

/** The group gives up what is open of a due: its debtor owes it no more, and whoever would have got it goes without. */
export const waiver: DecisionRule = {
  majority: "two_thirds",
  noticeDays: 0,
  votingDays: 7,
  states: ["running", "paused"],
  openedBy: "member",
  prepare: async (reader, _context, group, { dueId }) => {
    const id = readId(dueId);
    const due = (await selectOpenDues(reader, group.tontine.id)).find((each) => each.id === id);
    if (!due) throw new DomainError("not_found");
    requireOwnOrOffice(group, due.memberId);
    const amountMinor = openMinor(due).toString();
    const debtor = group.members.get(due.memberId)?.name ?? "";
    const loss: Consequence = { what: LOSS[due.kind], turn: due.turnNumber, amountMinor };
    if (due.kind === "contribution") {
      const receivers = await selectReceivers(reader, due.turnId);
      loss.name = receivers.map(({ memberId }) => group.members.get(memberId)?.name ?? "").join(", ");
    }
    return {
      about: `waiver:${due.id}`,
      subjectMemberId: due.memberId,
      dueId: due.id,
      parameters: { amountMinor },
      consequences: [{ what: "owes_no_more", name: debtor, amountMinor, turn: due.turnNumber }, loss],
    };
  },
  isStale: async (tx, _context, group, decision) => {
    const due = (await selectOpenDues(tx, group.tontine.id)).find(({ id }) => id === decision.dueId);
    return !due || openMinor(due).toString() !== parameterOf(decision, "amountMinor");
  },
  apply: async (tx, context, group, decision) => {
    const [due] = await lockDues(tx, group.tontine.id, decision.dueId === null ? [] : [decision.dueId]);
    if (!due) return;
    await waiveDue(tx, due);
    const { turnId, memberId, id: dueId } = due;
    const amountMinor = openMinor(due);
    await recordEvents(tx, context, group, [{ kind: "due.waived", dueId, turnId, memberId, amountMinor }]);
    await restoreMembers(tx, group);
    if (due.kind !== "contribution") return;
    await tellReceivers(tx, group, decision, due);
    await settle(tx, context, group, turnId);
  },
};

/** The turn may be complete now, or paid out whole. */
async function settle(tx: Transaction, context: Context, group: Group, turnId: bigint): Promise<void> {
  const turn = await findTurn(tx, turnId);
  await settleTurn(tx, context, group, turn);
  if (turn.state === "part_paid") await settlePaidTurn(tx, context, group, turn);
}

async function tellReceivers(
  tx: Transaction,
  { tontine }: Group,
  { id }: DecisionRow,
  due: OwedDue,
): Promise<void> {
  const receivers = (await selectReceivers(tx, due.turnId)).map(({ memberId }) => memberId);
  const told = await selectNamedMembers(tx, tontine.id, receivers);
  const details = {
    ...{ code: tontine.code, group: tontine.name, page: `decisions/${id}` },
    ...{ amountMinor: openMinor(due).toString(), currency: tontine.currency },
  };
  await insertNotices(
    tx,
    told.flatMap(({ userId }) =>
      userId === null ? [] : [{ userId, kind: "tontine_waived", details, key: `tontine_waived:${id}` }],
    ),
  );
}
