import type { Transaction } from "@/db/client";
import type { Group } from "../groups/group";
import { insertNotices, selectNamedMembers } from "../notices/store";
import type { DecisionRow } from "./store";

/** Tells those who may vote on a decision that it is open, and the person concerned that it is about them. */
export async function tellVoters(tx: Transaction, { tontine }: Group, decision: DecisionRow): Promise<void> {
  const voters = await selectNamedMembers(tx, tontine.id, decision.voterIds);
  const details = {
    ...{ code: tontine.code, group: tontine.name, page: `decisions/${decision.id}` },
    ...{ dueAt: decision.closesAt.toISOString(), zone: tontine.zone },
  };
  const subject = decision.subjectMemberId === null ? [] : [decision.subjectMemberId];
  const concerned = await selectNamedMembers(tx, tontine.id, subject);
  const tell = (kind: "tontine_vote" | "tontine_vote_about_you") => {
    const key = `${kind}:${decision.id}`;
    return ({ userId }: { userId: bigint | null }) =>
      userId === null ? [] : [{ userId, kind, details, key }];
  };
  await insertNotices(tx, [
    ...voters.flatMap(tell("tontine_vote")),
    ...concerned.flatMap(tell("tontine_vote_about_you")),
  ]);
}

/** Tells all members of the group what was decided; once for each result. */
export async function tellResult(
  tx: Transaction,
  { tontine }: Group,
  decision: DecisionRow,
  result: "adopted" | "rejected",
): Promise<void> {
  const members = await selectNamedMembers(tx, tontine.id, null);
  const kind = result === "adopted" ? "tontine_vote_adopted" : "tontine_vote_rejected";
  const details = { code: tontine.code, group: tontine.name, page: `decisions/${decision.id}` };
  const key = `${kind}:${decision.id}`;
  await insertNotices(
    tx,
    members.flatMap(({ userId }) => (userId === null ? [] : [{ userId, kind, details, key }])),
  );
}
