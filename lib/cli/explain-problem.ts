import { StartError } from "@/lib/start-error";

const UNDEFINED_TABLE = "42P01";
const UNDEFINED_FUNCTION = "42883";

/** Why a command couldn't run: a sentence for known problems, else the stack. Never a URL, which may hold a password. */
export function explainProblem(error: unknown): string {
  if (!(error instanceof Error)) return "Something failed without saying why.";
  if (error instanceof StartError) return error.message;
  const code = "code" in error ? String(error.code) : "";
  // Thrown by parseArgs of node:util, with a sentence that names the argument.
  if (code.startsWith("ERR_PARSE_ARGS_")) return error.message;
  if (code === UNDEFINED_TABLE || code === UNDEFINED_FUNCTION) {
    return "This database has no ledger of this version yet: run npm start once.";
  }
  if (/^(E[A-Z]{4,}|CONNECT|28|3D)/.test(code)) {
    return `The database can't be used (${code}): check DATABASE_URL.`;
  }
  return error.stack ?? error.message;
}
