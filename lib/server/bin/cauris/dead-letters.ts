import type { DeadLetter, DeadLetterKind } from "@/lib/services/dead-letters/letter";
import { listDeadLetters } from "@/lib/services/dead-letters/list-dead-letters";
import { retryJob } from "@/lib/services/outbox/retry-job";
import { askAgain } from "@/lib/services/withdrawals/ask-again";
import { type House, RefusedError } from "./house";
import { plainMinute } from "./plain-time";
import { reportReplay } from "./replay-webhook";
import { formatTable } from "./table";

const ERROR_LENGTH_MAX = 80;

/** What waits for a person, a line each. */
export async function reportDeadLetters({ context, print }: House): Promise<number> {
  const letters = await listDeadLetters(context);
  if (letters.length === 0) {
    print("There are no dead letters.");
    return 0;
  }
  for (const line of formatTable(["kind", "id", "reference", "since", "why"], letters.map(rowOf)))
    print(line);
  return 0;
}

/** Tries once more what can be tried; what can't needs a decision. */
export async function reportRetry(
  house: House,
  { kind, id }: { kind: DeadLetterKind; id: bigint },
): Promise<number> {
  switch (kind) {
    case "job":
      await retryJob(house.context, id);
      house.print(`The worker runs job ${id} again.`);
      return 0;
    case "event":
      return await reportReplay(house, { eventId: id });
    case "operation":
      if (!(await askAgain(house.context, id))) throw new RefusedError(UNDECIDED);
      house.print(`The worker asks about operation ${id} again.`);
      return 0;
    case "suspense":
      throw new RefusedError("Money in suspense isn't tried again: say whose it is with suspense assign.");
  }
}

const UNDECIDED = "There is nobody to ask about this operation: decide it with decide or suspense assign.";

/** How many wait, as a sentence; null when none does. */
export async function countSentence({ context }: Pick<House, "context">): Promise<string | null> {
  const count = (await listDeadLetters(context)).length;
  if (count === 0) return null;
  return `${count} ${count === 1 ? "dead letter waits" : "dead letters wait"} for a person: npm run cauris -- dead-letters`;
}

function rowOf({ kind, id, reference, since, why, error }: DeadLetter): string[] {
  const [line = ""] = (error ?? "").split("\n");
  const told = line === "" ? "" : `: ${line.slice(0, ERROR_LENGTH_MAX)}`;
  return [kind, id, reference ?? "-", plainMinute(since), why.replaceAll("_", " ") + told];
}
