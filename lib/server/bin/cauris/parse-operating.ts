import type { DeadLetterKind } from "@/lib/services/dead-letters/letter";
import { one, only, splitWords, toId, UsageError } from "./parse-words";

/** Commands for whoever runs the house when something is wrong with it. */
export type OperatingCommand =
  | { name: "payouts-status" }
  | { name: "dead-letters" }
  | { name: "retry-dead-letter"; kind: DeadLetterKind; id: bigint }
  | {
      name: "payouts-stop" | "payouts-resume";
      provider: string | null;
      note: string | null;
      operator: string | null;
    };

/** The commands whose words are split here. */
export const OPERATING = ["payouts", "dead-letters"] as const;

/** Throws UsageError. */
export function parseOperating(name: (typeof OPERATING)[number], words: readonly string[]): OperatingCommand {
  switch (name) {
    case "payouts":
      return parsePayouts(words);
    case "dead-letters":
      return parseDeadLetters(words);
  }
}

function parsePayouts(words: readonly string[]): OperatingCommand {
  const { given, flags } = splitWords("payouts", words, { values: ["note", "by"] });
  const [verb, ...rest] = given;
  if (verb === undefined || verb === "status") {
    only(rest, 0, "payouts status");
    return { name: "payouts-status" };
  }
  if (verb !== "stop" && verb !== "resume") throw new UsageError(`payouts has no verb ${verb}.`);
  const provider = rest.length === 0 ? null : one(rest, `payouts ${verb}`, "a provider");
  return {
    name: `payouts-${verb}`,
    provider,
    note: flags.get("note") ?? null,
    operator: flags.get("by") ?? null,
  };
}

const KINDS: readonly DeadLetterKind[] = ["job", "event", "operation", "suspense"];

function parseDeadLetters(words: readonly string[]): OperatingCommand {
  const { given } = splitWords("dead-letters", words);
  const [verb, first, ...rest] = given;
  if (verb === undefined) return { name: "dead-letters" };
  if (verb !== "retry") throw new UsageError(`dead-letters has no verb ${verb}.`);
  const kind = KINDS.find((known) => known === first);
  if (!kind) throw new UsageError("dead-letters retry needs a kind: job, event, operation or suspense.");
  return { name: "retry-dead-letter", kind, id: toId(one(rest, "dead-letters retry", "an id")) };
}
