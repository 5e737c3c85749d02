import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { findDecision, selectDecisions, selectVotes } from "../decisions/store";
import { readOwnGroup } from "../groups/group";
import { readId } from "../read-id";
import { type DecisionView, toDecisionView } from "./decision-view";

/** So many of the newest are listed. */
export const DECISIONS_MAX = 100;

interface OfGroup {
  code: string;
  name: string;
  zone: string;
}

export interface DecisionList extends OfGroup {
  /** Open or waiting for their effect; those that wait for the viewer's vote first, then by deadline. */
  open: readonly DecisionView[];
  /** The newest first. */
  past: readonly DecisionView[];
}

/** What a group decides and has decided by vote, for its members. Throws `unauthenticated`, `not_found`. */
export async function listDecisions(context: Context, code: string): Promise<DecisionList> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const rows = await selectDecisions(context.db, tontine.id, DECISIONS_MAX);
  const votes = await selectVotes(
    context.db,
    rows.map(({ id }) => id),
  );
  const views = rows.map((row) =>
    toDecisionView(
      group,
      member,
      row,
      votes.filter(({ decisionId }) => decisionId === row.id),
      context.now,
    ),
  );
  const isLive = ({ state }: DecisionView) => state === "open" || state === "adopted";
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    open: views
      .filter(isLive)
      .sort(
        (a, b) => Number(b.isAwaited) - Number(a.isAwaited) || a.closesAt.getTime() - b.closesAt.getTime(),
      ),
    past: views.filter((view) => !isLive(view)),
  };
}

export interface DecisionDetails extends OfGroup {
  decision: DecisionView;
}

/** One decision, for members of its group. Throws `unauthenticated`, `not_found`. */
export async function getDecision(
  context: Context,
  { code, decisionId }: { code: string; decisionId: string },
): Promise<DecisionDetails> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const row = await findDecision(context.db, tontine.id, readId(decisionId));
  if (!row) throw new DomainError("not_found");
  const votes = await selectVotes(context.db, [row.id]);
  const decision = toDecisionView(group, member, row, votes, context.now);
  return { code: tontine.code, name: tontine.name, zone: tontine.zone, decision };
}
