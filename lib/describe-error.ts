/** What may be logged of an unexpected error. */
export interface ErrorDescription {
  name: string;
  message?: string;
  /** PostgreSQL's SQLSTATE or Node's code, and the constraint that was broken. */
  causeCode?: string;
  constraint?: string;
  frames: string[];
}

const MESSAGE_LENGTH_MAX = 300;
const FRAMES_MAX = 8;

function textAt(value: unknown, key: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found: unknown = Reflect.get(value, key);
  return typeof found === "string" ? found.slice(0, MESSAGE_LENGTH_MAX) : undefined;
}

/** True when the error, or what caused it, comes from the database: its words quote rows and parameters. */
function isFromDatabase(error: Error): boolean {
  return [error, error.cause].some(
    (one) => textAt(one, "name") === "PostgresError" || textAt(one, "query") !== undefined,
  );
}

/** Keeps what helps to find the fault and drops what may hold a person's data. */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const causeCode = textAt(error.cause, "code") ?? textAt(error, "code");
  const constraint = textAt(error.cause, "constraint_name") ?? textAt(error, "constraint_name");
  const lines = error.stack?.split("\n") ?? [];
  return {
    name: error.name,
    ...(isFromDatabase(error) ? {} : { message: error.message.slice(0, MESSAGE_LENGTH_MAX) }),
    ...(causeCode === undefined ? {} : { causeCode }),
    ...(constraint === undefined ? {} : { constraint }),
    frames: lines
      .filter((line) => /^\s+at /.test(line))
      .slice(0, FRAMES_MAX)
      .map((line) => line.trim()),
  };
}
