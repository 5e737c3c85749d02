import { invariant } from "@/lib/invariant";
import { scanSource } from "./scan-source";

/** A source file: its path from the root, with slashes, and its text. */
export interface SourceText {
  path: string;
  text: string;
}

export interface Rewritten {
  files: SourceText[];
  /** Names of all failpoints written into the files, sorted. */
  failpoints: string[];
}

interface Edit {
  from: number;
  to: number;
  text: string;
}

const IMPORT =
  'import { answerFailpoints, callFailpoints, jobFailpoints, methodFailpoints, shiftedDate, transactionFailpoints } from "@/e2e/resilience/crashes/failpoints/failpoint"; ';

/** Files that change money, credentials and accounts. */
const INSTRUMENTED = /^lib\/(services|ledger|jobs|api)\/.*(?<!\.test)\.ts$/;
const PROVIDER_CALL =
  /(?<![.\w])(provider|directoryOf\(provider\))\.(createCollection|createPayout|getCollection|getPayout|listTransactions|listBanks|resolveAccount)(\?\.)?\(/g;
/** Statements outside of stores that commit by themselves. */
const SELF_COMMITTING = ["consume", "giveBack"];

/**
 * Writes a failpoint before and after each commit, provider call and acknowledgement into a copy of the sources. Names
 * follow from the file and position: `withdrawals/submit-withdrawal.1:before-commit`. Throws {@link InvariantError} when a
 * text that it replaces isn't there any more.
 */
export function rewriteSources(sources: readonly SourceText[]): Rewritten {
  const statements = [...SELF_COMMITTING, ...sources.flatMap(findWriters)];
  const failpoints: string[] = [];
  const files = sources.map((source) => {
    if (!INSTRUMENTED.test(source.path)) return source;
    const edits = [
      ...transactionEdits(source, failpoints),
      ...statementEdits(source, statements, failpoints),
      ...callEdits(source, failpoints),
      ...(RULES_BY_FILE[source.path]?.(source, failpoints) ?? []),
    ];
    const text = apply(source.text, edits);
    return edits.length === 0 ? source : { path: source.path, text: IMPORT + text };
  });
  for (const path of Object.keys(RULES_BY_FILE)) {
    invariant(
      sources.some((source) => source.path === path),
      `${path} is there to be rewritten`,
    );
  }
  failpoints.push(...answerNames(sources));
  return { files, failpoints: failpoints.sort() };
}

/** Store functions that take the pool and only read. */
const READERS = new Set(["countBreaches", "countMissingColumns", "ping"]);

/**
 * Exported store functions that commit by themselves: those that take the connection pool, and those that take any
 * connection and write.
 */
export function findWriters({ path, text }: SourceText): string[] {
  if (!/^lib\/(services\/.*\/store|ledger\/([^/]+|sealing\/store))\.ts$/.test(path)) return [];
  const bodies = text.split(/^export (?=async function )/m).slice(1);
  return bodies.flatMap((body) => {
    const [, name, connection] = /^async function (\w+)\(\s*\w+: (Database|Reader)\b/.exec(body) ?? [];
    const isWriter = connection === "Database" || /\.(insert|update|delete)\(|\bselect \w+_seal\(/.test(body);
    // One that opens its transaction itself has its failpoints there.
    const isOpen = body.includes("inTransaction(");
    return name !== undefined && isWriter && !isOpen && !READERS.has(name) ? [name] : [];
  });
}

/** `lib/services/withdrawals/submit-withdrawal.ts` becomes `withdrawals/submit-withdrawal`. */
function prefixOf(path: string): string {
  return path.replace(/^lib\/(services\/)?/, "").replace(/\.ts$/, "");
}

function transactionEdits({ path, text }: SourceText, failpoints: string[]): Edit[] {
  const found = [...scanSource(text).matchAll(/(?<![.\w])inTransaction\(/g)];
  return found.map(({ index }, at) => {
    const name = `${prefixOf(path)}.${at + 1}`;
    failpoints.push(`${name}:before-commit`, `${name}:after-commit`);
    const to = index + "inTransaction".length;
    return { from: index, to, text: `transactionFailpoints("${name}", inTransaction)` };
  });
}

/** Only calls whose first argument isn't a transaction: those commit by themselves. */
function statementEdits({ path, text }: SourceText, names: readonly string[], failpoints: string[]): Edit[] {
  if (/\/store\.ts$/.test(path)) return [];
  const call = new RegExp(`(?<!function |[.\\w])(${names.join("|")})\\((?!\\s*tx\\b)`, "g");
  return numbered(path, [...scanSource(text).matchAll(call)], (match, name) => {
    const statement = match[1] ?? "";
    failpoints.push(`${name}:before-statement`, `${name}:after-statement`);
    return { length: statement.length, text: `callFailpoints("${name}", ${statement}, "statement")` };
  });
}

function callEdits({ path, text }: SourceText, failpoints: string[]): Edit[] {
  return numbered(path, [...scanSource(text).matchAll(PROVIDER_CALL)], (match, name) => {
    const [whole, owner, method, optional = ""] = match;
    failpoints.push(`${name}:before-call`, `${name}:after-call`);
    return {
      length: whole.length - 1,
      text: `methodFailpoints("${name}", ${owner}, "${method}")${optional}`,
    };
  });
}

/** Names each match `<prefix>.<function>.<n>` and replaces its first `length` characters. */
function numbered(
  path: string,
  matches: readonly RegExpExecArray[],
  replace: (match: RegExpExecArray, name: string) => { length: number; text: string },
): Edit[] {
  const seen = new Map<string, number>();
  return matches.map((match) => {
    const what = /(\w+)(\?\.)?\($/.exec(match[0])?.[1] ?? "";
    const number = (seen.get(what) ?? 0) + 1;
    seen.set(what, number);
    const { length, text } = replace(match, `${prefixOf(path)}.${what}.${number}`);
    return { from: match.index, to: match.index + length, text };
  });
}

type Rule = (source: SourceText, failpoints: string[]) => Edit[];

/** Replacements for single files. */
const RULES_BY_FILE: Record<string, Rule> = {
  "lib/api/webhooks.ts": (source, failpoints) => {
    failpoints.push("api/webhooks:before-storing", "api/webhooks:after-storing");
    return [
      replaceOnce(
        source,
        "await receiveWebhook(",
        'await callFailpoints("api/webhooks", receiveWebhook, "storing")(',
      ),
    ];
  },
  "lib/api/route-table.ts": (source) => [
    replaceOnce(
      source,
      "mountCall(call, dependencies)",
      '(call.method === "GET" && !call.hasEffects ? mountCall(call, dependencies) : answerFailpoints(call.path, mountCall(call, dependencies)))',
    ),
  ],
  "lib/api/mount-call.ts": (source) => [
    replaceOnce(source, "now: new Date()", "now: shiftedDate(new Date())"),
  ],
  "lib/jobs/tasks.ts": (source, failpoints) => {
    const jobs = [...source.text.matchAll(/^ {4}(\w+): async \(payload\)/gm)].map(([, name]) => name);
    for (const name of jobs) failpoints.push(`jobs/${name}:before-task`, `jobs/${name}:after-task`);
    return [
      replaceOnce(source, "return tasks as TaskList", "return jobFailpoints(tasks) as TaskList"),
      replaceOnce(
        source,
        "new Date(row?.now ?? Date.now())",
        "shiftedDate(new Date(row?.now ?? Date.now()))",
      ),
    ];
  },
  // The worker restarts after every crash, and tests sweep by request: polling pauses would only cost time.
  "lib/jobs/worker.ts": (source) => [
    replaceOnce(source, "pollInterval: 1_000", "pollInterval: 50"),
    replaceOnce(source, "ELECTION_PAUSE_MS = 500", "ELECTION_PAUSE_MS = 20"),
  ],
  "lib/jobs/sweeps.ts": (source) => [
    replaceOnce(source, "SWEEP_PAUSE_MS = 20_000", "SWEEP_PAUSE_MS = 86_400_000"),
  ],
  "lib/services/reconciliation/compare-provider.ts": (source, failpoints) => {
    const name = "reconciliation/compare-provider.question.1";
    failpoints.push(`${name}:before-call`, `${name}:after-call`);
    return [replaceOnce(source, "await question(", `await callFailpoints("${name}", question)(`)];
  },
  "lib/services/api-access/sessions/finish-google-sign-in.ts": (source, failpoints) => {
    const name = "api-access/sessions/finish-google-sign-in.redeem.1";
    failpoints.push(`${name}:before-call`, `${name}:after-call`);
    return [replaceOnce(source, "await redeem(", `await callFailpoints("${name}", redeem)(`)];
  },
};

function replaceOnce({ path, text }: SourceText, old: string, by: string): Edit {
  const from = text.indexOf(old);
  invariant(from !== -1 && text.indexOf(old, from + 1) === -1, `${path} has "${old}" once`);
  return { from, to: from + old.length, text: by };
}

/** Names for API routes that change something: `api/wallet/transfer:before-answer`. */
function answerNames(sources: readonly SourceText[]): string[] {
  return sources.flatMap(({ path, text }) => {
    if (!/^lib\/api\/(auth|keys|wallet)\//.test(path)) return [];
    const [, method, address] = /method: "(\w+)",\s+path: "([^"]+)"/.exec(text) ?? [];
    const isWatched = address !== undefined && (method !== "GET" || /hasEffects: true/.test(text));
    return isWatched ? [`${address.slice(1)}:before-answer`] : [];
  });
}

function apply(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { from, to, text: by } of edits.toSorted((one, other) => other.from - one.from)) {
    result = result.slice(0, from) + by + result.slice(to);
  }
  return result;
}
