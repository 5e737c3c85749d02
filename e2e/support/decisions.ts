import { invariant } from "@/lib/invariant";
import { castVote } from "@/lib/services/tontines/decisions/cast-vote";
import { openDecision } from "@/lib/services/tontines/decisions/open-decision";
import type { OpenDecision } from "@/lib/services/tontines/schema";
import { TEST_PIN } from "./people";
import { at, type Person, type TestGroup } from "./tontines";

export type VoteChoice = "yes" | "no";

/** Somebody opens a decision of the group at this time. Answers its id. */
export async function openBy(
  group: TestGroup,
  person: Person,
  now: Date,
  input: Omit<OpenDecision, "code" | "pin">,
): Promise<string> {
  const { code } = group;
  const { decisionId } = await openDecision(at(person.context, now), { code, pin: TEST_PIN, ...input });
  return decisionId.toString();
}

export async function decisionOf({ db }: TestGroup, id: string) {
  const [row] = await db.$client<{ hash: string; state: string; voters: string[]; shown: string }[]>`
    select encode(shown_hash, 'hex') as hash, state, voter_ids::text[] as voters, shown from tontine_decisions where id = ${id}`;
  invariant(row, "the decision exists");
  return row;
}

export async function vote(
  group: TestGroup,
  person: Person,
  decisionId: string,
  choice: VoteChoice,
  now: Date,
): Promise<string> {
  const { hash } = await decisionOf(group, decisionId);
  const input = { code: group.code, decisionId, choice, hash, pin: TEST_PIN };
  return (await castVote(at(person.context, now), input)).state;
}

/** These people say yes, one after the other. Answers the decision's state after the last. */
export async function allSayYes(
  group: TestGroup,
  people: readonly Person[],
  decisionId: string,
  now: Date,
): Promise<string> {
  let state = "open";
  for (const person of people) state = await vote(group, person, decisionId, "yes", now);
  return state;
}
