import type { z } from "zod";
import type { FieldIssue } from "@/lib/errors";

type Issue = z.core.$ZodIssue;

/** Names of unknown fields come from the caller. */
const FIELD_LENGTH_MAX = 80;

const REASON = /^[a-z]+(_[a-z]+)*$/;

/** Our schemas write reasons as messages; zod's own sentences, and a bare "invalid", are mapped by their code. */
function reasonOf(issue: Issue): string {
  if (REASON.test(issue.message) && issue.message !== "invalid") return issue.message;
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined || issue.input === "") return "required";
      return issue.expected === "int" || issue.expected === "number" ? "not_an_integer" : "wrong_type";
    case "invalid_value":
      return issue.input === undefined || issue.input === "" ? "required" : "unknown_value";
    case "too_small":
      return issue.origin === "number" ? "too_small" : "required";
    case "too_big":
      return issue.origin === "number" ? "out_of_range" : "too_long";
    case "unrecognized_keys":
      return "unknown_field";
    default:
      return "wrong_format";
  }
}

function valuesOf(issue: Issue): Record<string, string | number> {
  if (issue.code === "too_small") return { min: Number(issue.minimum) };
  if (issue.code === "too_big") return { max: Number(issue.maximum) };
  if (issue.code !== "custom") return {};
  const entries = Object.entries(issue.params ?? {}).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === "string" || typeof entry[1] === "number",
  );
  return Object.fromEntries(entries);
}

/** Which field is wrong and why, the first reason of each field. */
export function fieldIssues(error: z.core.$ZodError): FieldIssue[] {
  const byField = new Map<string, FieldIssue>();
  for (const issue of error.issues) {
    // An unknown name is reported as the wrong field: `curency` must not mean the default currency.
    const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
    const field = [...issue.path, ...unknown].map(String).join(".").slice(0, FIELD_LENGTH_MAX);
    if (byField.has(field)) continue;
    byField.set(field, { field, reason: reasonOf(issue), values: valuesOf(issue) });
  }
  return [...byField.values()];
}
