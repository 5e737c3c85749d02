import { OPERATING, type OperatingCommand, parseOperating } from "./parse-operating";
import { one, only, splitWords, toId, UsageError } from "./parse-words";

/** A parsed command, checked as far as possible without a database. */
export type Command =
  | { name: "help" }
  | { name: "token"; email: string }
  | { name: "process-deposit"; reference: string; force: boolean }
  | { name: "replay-webhook"; eventId: bigint }
  | { name: "audit"; isFull: boolean }
  | { name: "balance"; walletNumber: string }
  | { name: "keys"; email: string | null }
  | { name: "revoke-key"; keyId: bigint }
  | OperatingCommand;

export const HELP = `npm run cauris -- <command>

  token <email>                 an access token of this person, for trying the API
  process-deposit <reference>   asks the provider, and credits as a webhook would
    --force                     pays it first; only in a demo, at the sandbox's page
  replay-webhook <id>           processes a stored webhook event once more
  balance <wallet-number>       what a wallet holds, in each currency
  keys [<email>]                API keys: whose, which permissions, which state
  keys revoke <id>              ends an API key for good
  audit [--full]                proves the ledger's invariants, as npm run audit
  seal                          seals what is new, as the worker does by itself
  seals verify [--against <f>]  hashes all that is sealed again, beside an export
  seals export [--out <f>]      the chain for keeping elsewhere · --with-postings
  payouts [status]              whether payouts run, what waits, who stopped them
  payouts stop|resume [<name>]  holds back all payouts, or one provider's · lets go
    --note <why> --by <who>     what is remembered of it, for ever
  resolve <reference> paid|refunded     ends a stuck withdrawal by your verdict
  suspense assign <id> <reference>      credits suspense to a deposit's owner
  reconcile [--from <day>] [--to <day>]  compares our book with the providers' own
  dead-letters [retry|close <kind> <id>]  what waits for you · once more · done

The database is DATABASE_URL's, or the one that npm start brings along (DATA_DIR).
Exit codes: 0 done, 1 refused or failed, 2 not understood.`;

/** Flags without a value. */
const BARE: Record<string, readonly string[]> = { "process-deposit": ["force"], audit: ["full"] };

/** Throws UsageError. */
export function parseCommand(words: readonly string[]): Command {
  const [name, ...rest] = words;
  if (name === undefined || words.includes("--help") || words.includes("-h")) return { name: "help" };
  const operating = OPERATING.find((known) => known === name);
  if (operating) return parseOperating(operating, rest);
  const { given, flags } = splitWords(name, rest, { bare: BARE[name] ?? [] });
  switch (name) {
    case "help":
      only(given, 0, name);
      return { name };
    case "audit":
      only(given, 0, name);
      return { name, isFull: flags.has("full") };
    case "token":
      return { name, email: one(given, name, "an e-mail address") };
    case "process-deposit":
      return { name, reference: one(given, name, "a reference"), force: flags.has("force") };
    case "replay-webhook":
      return { name, eventId: toId(one(given, name, "an event's id")) };
    case "balance":
      return { name, walletNumber: one(given, name, "a wallet number").replaceAll(" ", "") };
    case "keys":
      return parseKeys(given);
    default:
      throw new UsageError(`There is no command ${name}.`);
  }
}

function parseKeys(given: readonly string[]): Command {
  const [first, ...rest] = given;
  if (first === "revoke") return { name: "revoke-key", keyId: toId(one(rest, "keys revoke", "a key's id")) };
  only(given, 1, "keys");
  return { name: "keys", email: first ?? null };
}
