import { one, only, splitWords, UsageError } from "./parse-words";

/** Commands for whoever runs the house when something is wrong with it. */
export type OperatingCommand =
  | { name: "payouts-status" }
  | {
      name: "payouts-stop" | "payouts-resume";
      provider: string | null;
      note: string | null;
      operator: string | null;
    };

/** The commands whose words are split here. */
export const OPERATING = ["payouts"] as const;

/** Throws UsageError. */
export function parseOperating(name: (typeof OPERATING)[number], words: readonly string[]): OperatingCommand {
  switch (name) {
    case "payouts":
      return parsePayouts(words);
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
