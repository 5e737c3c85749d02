import type { z } from "zod";
import { StartError } from "./start-error";

/** Environment variables by name; an empty value counts as none. */
export type Source = Readonly<Record<string, string | undefined>>;

/**
 * What `schema` makes of `source`, or null after adding one line for each wrong variable to `problems`:
 * `DATABASE_POOL_MAX: must be a whole number from 1 to 100`. A variable's value never stands in its line.
 */
export function collectSettings<Settings>(
  schema: z.ZodType<Settings>,
  source: Source,
  problems: string[],
): Settings | null {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const byVariable = new Map<string, string[]>();
  for (const { path, message } of result.error.issues) {
    const [name, ...within] = path.map(String);
    const variable = name ?? "the environment";
    const isMissing = within.length === 0 && given[variable] === undefined;
    const line = isMissing && message.endsWith("received undefined") ? "is missing" : message;
    const lines = byVariable.get(variable) ?? [];
    const described = within.length > 0 ? `${within.join(".")}: ${line}` : line;
    if (!lines.includes(described)) byVariable.set(variable, [...lines, described]);
  }
  problems.push(...[...byVariable].map(([variable, lines]) => `${variable}: ${lines.join("; ")}`));
  return null;
}

/** Throws {@link StartError} with one line for each wrong variable. */
export function parseSettings<Settings>(schema: z.ZodType<Settings>, source: Source): Settings {
  const problems: string[] = [];
  const settings = collectSettings(schema, source, problems);
  if (settings === null) throw configurationError(problems);
  return settings;
}

export function configurationError(problems: readonly string[]): StartError {
  return new StartError(`The configuration is wrong.\n${problems.join("\n")}`);
}
