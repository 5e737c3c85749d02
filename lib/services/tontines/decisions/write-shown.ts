import { z } from "zod";
import type { Group } from "../groups/group";
import type { Consequence, Proposal } from "./decision-rule";
import type { Majority } from "./majority";

interface Shown {
  kind: string;
  majority: Majority;
  proposal: Proposal;
  voterIds: readonly bigint[];
  closesAt: Date;
  takesEffectAt: Date | null;
}

/** All that members are shown of a decision, as the JSON whose SHA-256 their votes are bound to. */
export function writeShown(group: Group, shown: Shown): string {
  const { proposal, voterIds, closesAt, takesEffectAt, kind, majority } = shown;
  const person = (id: bigint | null | undefined) =>
    id == null ? null : { id: id.toString(), name: group.members.get(id)?.name ?? "" };
  return JSON.stringify({
    version: "decision/1",
    group: group.tontine.code,
    currency: group.tontine.currency,
    kind,
    majority,
    subject: person(proposal.subjectMemberId),
    candidate: person(proposal.candidateMemberId),
    due: proposal.dueId?.toString() ?? null,
    parameters: proposal.parameters,
    consequences: proposal.consequences,
    voters: voterIds.map(String),
    closesAt: closesAt.toISOString(),
    takesEffectAt: takesEffectAt?.toISOString() ?? null,
  });
}

const shownSchema = z.object({
  consequences: z.array(
    z.object({
      what: z.string(),
      amountMinor: z.string().optional(),
      name: z.string().optional(),
      turn: z.number().optional(),
      day: z.string().optional(),
      count: z.number().optional(),
    }),
  ),
});

/** The consequences in what {@link writeShown} wrote. */
export function readConsequences(shown: string): Consequence[] {
  return shownSchema.parse(JSON.parse(shown)).consequences.map((each) => {
    const { what, ...figures } = each;
    const known = Object.entries(figures).filter(([, value]) => value !== undefined);
    return { what, ...(Object.fromEntries(known) as Partial<Consequence>) };
  });
}
