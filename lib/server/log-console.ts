import { stripVTControlCharacters } from "node:util";
import { describeError, type ErrorDescription } from "@/lib/describe-error";
import { log } from "@/lib/log";

const TEXT_LENGTH_MAX = 500;
// As in addresses (shown-path.ts): longer than any word, it may be a key or a token that was sent to the wrong place.
const LONG_RUN = /[\w.~+/-]{41,}/g;
const LEVELS = { error: "warn", warn: "warn", info: "info", log: "info", debug: "debug" } as const;

type Method = keyof typeof LEVELS;

/** The console methods that Next and other packages write to. */
export type Speaker = Record<Method, (...values: unknown[]) => void>;

/**
 * What packages print becomes a line of our log: one JSON object, errors without personal data. A warning at most: most of
 * it is about malformed requests, and our own code logs its errors itself.
 */
export function logConsole(speaker: Speaker = console): void {
  for (const method of Object.keys(LEVELS) as Method[]) {
    speaker[method] = (...values) => {
      const error = values.find((each) => each instanceof Error);
      const words = values.filter((each) => typeof each === "string").join(" ");
      const text = stripVTControlCharacters(words).trim().slice(0, TEXT_LENGTH_MAX);
      if (error === undefined && text === "") return;
      const described = error === undefined ? {} : { error: withoutRuns(describeError(error)) };
      log[LEVELS[method]](
        { ...described, text: text.replace(LONG_RUN, "…") },
        "a package wrote to the console",
      );
    };
  }
}

function withoutRuns({ message, ...rest }: ErrorDescription): ErrorDescription {
  return message === undefined ? rest : { ...rest, message: message.replace(LONG_RUN, "…") };
}
