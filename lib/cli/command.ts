import { type ParseArgsConfig, parseArgs } from "node:util";

/** The command line can't be understood; the message says what is wrong. Commands exit with 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** One positional or option of a command. */
export interface Field<Value> {
  /** How help writes its value: `id`, `paid|refunded`. Null for an option without a value. */
  placeholder: string | null;
  isRequired: boolean;
  /** What a message says when it is missing: "an e-mail address". */
  what: string;
  /** The value of what was given, trimmed; `undefined` when nothing was. Throws UsageError. */
  parse(text: string | undefined): Value;
}

export function required<Value>(
  placeholder: string,
  what: string,
  parse: (text: string) => Value,
): Field<Value> {
  return { placeholder, what, isRequired: true, parse: (text) => parse(text ?? "") };
}

export function optional<Value>(placeholder: string, parse: (text: string) => Value): Field<Value | null> {
  const parsed = (text: string | undefined) => (text === undefined ? null : parse(text));
  return { placeholder, what: `a ${placeholder}`, isRequired: false, parse: parsed };
}

/** An option without a value. */
export const flag: Field<boolean> = {
  placeholder: null,
  what: "",
  isRequired: false,
  parse: (text) => text !== undefined,
};

/** What was given, as it is. */
export const toText = (text: string): string => text;

/** A row's id. Throws UsageError. */
export function toId(text: string): bigint {
  if (!/^[1-9][0-9]{0,17}$/.test(text))
    throw new UsageError(`${text} is not an id: write a whole number above zero.`);
  return BigInt(text);
}

/** A day or an instant in UTC. Throws UsageError. */
export function toInstant(text: string): Date {
  const isUtc = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{5,12}Z)?$/.test(text);
  const instant = new Date(text);
  if (!isUtc || Number.isNaN(instant.getTime())) {
    throw new UsageError(`${text} is not a time: write 2026-11-22 or 2026-11-22T21:30Z.`);
  }
  return instant;
}

/** One of a few words. Throws UsageError. */
export function oneOf<const Word extends string>(...words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new UsageError(`${text} is none of ${words.join(", ")}.`);
    return found;
  };
}

type Fields = Readonly<Record<string, Field<unknown>>>;
type None = Record<never, never>;
type ValuesOf<F extends Fields> = { [Name in keyof F]: F[Name] extends Field<infer Value> ? Value : never };

export interface CommandDefinition<Target, Positionals extends Fields, Options extends Fields> {
  /** One word, or several: `keys revoke`. */
  name: string;
  /** Another name for it. */
  alias?: string;
  /** What it does, in at most 47 characters. */
  help: string;
  /** In the order in which they are written. */
  positionals?: Positionals;
  options?: Options;
  /** Throws UsageError for values that don't go together. */
  check?(values: ValuesOf<Positionals & Options>): void;
  /** Does it, and answers the exit code. */
  run(target: Target, values: ValuesOf<Positionals & Options>): Promise<number>;
  /** What to print where the verb finds nothing. */
  notFound?: string;
}

/** A command with the types of its values forgotten: it only ever gets what its own fields parsed. */
export interface Command<Target> {
  name: string;
  alias?: string;
  help: string;
  positionals: Fields;
  options: Fields;
  check(values: Record<string, unknown>): void;
  run(target: Target, values: Record<string, unknown>): Promise<number>;
  notFound: string;
}

/** Defines one command; its parsing and its help follow from its fields. */
export function defineCommand<Target, Positionals extends Fields = None, Options extends Fields = None>(
  definition: CommandDefinition<Target, Positionals, Options>,
): Command<Target> {
  return {
    positionals: {},
    options: {},
    check: () => {},
    notFound: "Nothing was found.",
    ...definition,
  } as Command<Target>;
}

export interface ParsedCommand<Target> {
  command: Command<Target>;
  /** True when `--help` was among the words: then nothing else was parsed. */
  isHelp: boolean;
  values: Record<string, unknown>;
}

/** Finds the command that the words begin with, and parses the rest. Throws UsageError. */
export function parseCommand<Target>(
  commands: readonly Command<Target>[],
  words: readonly string[],
): ParsedCommand<Target> {
  const named = commands
    .flatMap((command) => [command.name, command.alias ?? command.name].map((name) => ({ name, command })))
    .filter(({ name }) => name.split(" ").every((word, index) => word === words[index]))
    .sort((one, other) => other.name.length - one.name.length)[0];
  if (named === undefined) throw new UsageError(`There is no command ${unknownName(commands, words)}.`);
  return parseWords(named.command, words.slice(named.name.split(" ").length));
}

/** As much of the words as names a command that isn't there. */
function unknownName<Target>(commands: readonly Command<Target>[], words: readonly string[]): string {
  const [first = ""] = words;
  const isGroup = commands.some(({ name }) => name.startsWith(`${first} `));
  return words.slice(0, isGroup ? 2 : 1).join(" ");
}

/** Parses the words that follow a command's name. Throws UsageError. */
export function parseWords<Target>(
  command: Command<Target>,
  words: readonly string[],
): ParsedCommand<Target> {
  const { name } = command;
  const { values: given, positionals } = split(command, words);
  if (given.help === true) return { command, isHelp: true, values: {} };
  const fields = Object.entries(command.positionals);
  const extra = positionals[fields.length];
  if (extra !== undefined) throw new UsageError(`${name} takes no ${extra}.`);
  const values: Record<string, unknown> = {};
  for (const [index, [key, field]] of fields.entries()) {
    values[key] = fieldValue(name, field, positionals[index], field.what);
  }
  for (const [key, field] of Object.entries(command.options)) {
    const text = given[key];
    values[key] = fieldValue(
      name,
      field,
      text === undefined ? undefined : String(text),
      `--${key}: ${field.what}`,
    );
  }
  command.check(values);
  return { command, isHelp: false, values };
}

function split<Target>({ name, options }: Command<Target>, words: readonly string[]) {
  const config: NonNullable<ParseArgsConfig["options"]> = { help: { type: "boolean", short: "h" } };
  for (const [key, { placeholder }] of Object.entries(options)) {
    config[key] = { type: placeholder === null ? "boolean" : "string" };
  }
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: config });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!(error instanceof Error) || !code.startsWith("ERR_PARSE_ARGS")) throw error;
    const [sentence = ""] = error.message.split(/\.\s|\n/);
    throw new UsageError(`${name}: ${sentence.replace(/\.$/, "")}.`);
  }
}

function fieldValue(name: string, field: Field<unknown>, text: string | undefined, what: string): unknown {
  const given = text?.trim();
  if (given === undefined || given === "") {
    if (field.isRequired || given === "") throw new UsageError(`${name} needs ${what}.`);
    return field.parse(undefined);
  }
  return field.parse(given);
}

/** `process-deposit <reference> [--force]` */
export function usageOf<Target>({ name, positionals, options }: Command<Target>): string {
  return [
    name,
    ...Object.values(positionals).map(positionalUsage),
    ...Object.entries(options).map(optionUsage),
  ].join(" ");
}

function positionalUsage({ placeholder, isRequired }: Field<unknown>): string {
  return isRequired ? `<${placeholder}>` : `[<${placeholder}>]`;
}

function optionUsage([key, { placeholder, isRequired }]: [string, Field<unknown>]): string {
  const usage = placeholder === null ? `--${key}` : `--${key} <${placeholder}>`;
  return isRequired ? usage : `[${usage}]`;
}

const USAGE_WIDTH = 37;

/** A line a command, without its options: `<name> --help` shows them. */
export function helpOf<Target>(commands: readonly Command<Target>[]): string[] {
  return commands.map(({ name, positionals, help }) => {
    const usage = [name, ...Object.values(positionals).map(positionalUsage)].join(" ");
    return `  ${usage.padEnd(USAGE_WIDTH)}${help}`;
  });
}
