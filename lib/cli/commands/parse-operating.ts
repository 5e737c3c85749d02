import type { DeadLetterKind } from "@/lib/services/back-office/view";
import { one, only, splitWords, toId, UsageError } from "./parse-words";

/** Commands for the operator when something is wrong with the deployment. */
export type OperatingCommand =
  | { name: "payouts-status" }
  | {
      name: "resolve";
      reference: string;
      verdict: "paid" | "refunded";
      note: string;
      operator: string | null;
    }
  | { name: "assign-suspense"; entryId: bigint; reference: string; note: string; operator: string | null }
  | { name: "dead-letters" }
  | { name: "close-event"; eventId: bigint; note: string; operator: string | null }
  | { name: "seal" }
  | { name: "seals-export"; out: string | null; withPostings: boolean }
  | { name: "seals-verify"; against: string | null }
  | { name: "reconcile"; from: Date | null; to: Date | null }
  | { name: "retry-dead-letter"; kind: DeadLetterKind; id: bigint }
  | {
      name: "payouts-stop" | "payouts-resume";
      provider: string | null;
      note: string | null;
      operator: string | null;
    };

/** The commands whose words are split here. */
export const OPERATING = [
  "payouts",
  "dead-letters",
  "reconcile",
  "resolve",
  "suspense",
  "seal",
  "seals",
] as const;

/** Throws UsageError. */
export function parseOperating(name: (typeof OPERATING)[number], words: readonly string[]): OperatingCommand {
  switch (name) {
    case "payouts":
      return parsePayouts(words);
    case "dead-letters":
      return parseDeadLetters(words);
    case "reconcile":
      return parseReconcile(words);
    case "resolve":
      return parseResolve(words);
    case "suspense":
      return parseSuspense(words);
    case "seal":
      only(splitWords("seal", words).given, 0, "seal");
      return { name: "seal" };
    case "seals":
      return parseSeals(words);
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
  const isClosing = words[0] === "close";
  const { given, flags } = splitWords("dead-letters", words, isClosing ? { values: ["note", "by"] } : {});
  const [verb, first, ...rest] = given;
  if (verb === undefined) return { name: "dead-letters" };
  if (verb !== "retry" && verb !== "close") throw new UsageError(`dead-letters has no verb ${verb}.`);
  const name = `dead-letters ${verb}`;
  if (verb === "close") {
    if (first !== "event")
      throw new UsageError(`${name} closes events only: everything else has its own end.`);
    const eventId = toId(one(rest, name, "an id"));
    return { name: "close-event", eventId, note: toNote(name, flags), operator: flags.get("by") ?? null };
  }
  const kind = KINDS.find((known) => known === first);
  if (!kind) throw new UsageError(`${name} needs a kind: job, event, operation or suspense.`);
  return { name: "retry-dead-letter", kind, id: toId(one(rest, name, "an id")) };
}

function parseReconcile(words: readonly string[]): OperatingCommand {
  const { given, flags } = splitWords("reconcile", words, { values: ["from", "to"] });
  only(given, 0, "reconcile");
  const from = toInstant(flags.get("from"));
  const to = toInstant(flags.get("to"));
  if (from && to && from >= to) throw new UsageError("reconcile needs --from before --to.");
  return { name: "reconcile", from, to };
}

/** A day or an instant in UTC; null when none was given. */
function toInstant(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const isUtc = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{5,12}Z)?$/.test(text);
  const instant = new Date(text);
  if (!isUtc || Number.isNaN(instant.getTime())) {
    throw new UsageError(`${text} is no time: write 2026-11-22 or 2026-11-22T21:30Z.`);
  }
  return instant;
}

function parseResolve(words: readonly string[]): OperatingCommand {
  const { given, flags } = splitWords("resolve", words, { values: ["note", "by"] });
  const [reference = "", verdict, ...rest] = given;
  only(rest, 0, "resolve");
  if (reference === "" || (verdict !== "paid" && verdict !== "refunded")) {
    throw new UsageError("resolve needs a reference and what became of it: paid or refunded.");
  }
  return {
    name: "resolve",
    reference,
    verdict,
    note: toNote("resolve", flags),
    operator: flags.get("by") ?? null,
  };
}

function parseSuspense(words: readonly string[]): OperatingCommand {
  const { given, flags } = splitWords("suspense", words, { values: ["note", "by"] });
  const [verb, id, ...rest] = given;
  if (verb !== "assign") throw new UsageError("suspense needs its verb: assign <id> <reference>.");
  const reference = one(rest, "suspense assign", "an id and a deposit's reference");
  const note = toNote("suspense assign", flags);
  return {
    name: "assign-suspense",
    entryId: toId(id ?? ""),
    reference,
    note,
    operator: flags.get("by") ?? null,
  };
}

function parseSeals([verb, ...rest]: readonly string[]): OperatingCommand {
  const name = `seals ${verb}`;
  if (verb === "export") {
    const { given, flags } = splitWords(name, rest, { values: ["out"], bare: ["with-postings"] });
    only(given, 0, name);
    return {
      name: "seals-export",
      out: flags.get("out") ?? null,
      withPostings: flags.has("with-postings"),
    };
  }
  if (verb === "verify") {
    const { given, flags } = splitWords(name, rest, { values: ["against"] });
    only(given, 0, name);
    return { name: "seals-verify", against: flags.get("against") ?? null };
  }
  throw new UsageError("seals needs its verb: export or verify.");
}

/** A decision about other people's money has a reason. */
function toNote(name: string, flags: ReadonlyMap<string, string>): string {
  const note = flags.get("note");
  if (note === undefined) throw new UsageError(`${name} needs --note: why is it so?`);
  return note;
}
