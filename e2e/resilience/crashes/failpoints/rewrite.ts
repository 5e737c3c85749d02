import { invariant } from "@/lib/invariant";
import { scanSource } from "./scan-source";

/** One file: its path from the root, with slashes, and its text. */
export interface SourceText {
  path: string;
  text: string;
}

export interface Rewritten {
  files: SourceText[];
  /** The name of every point that was written into them, sorted. */
  points: string[];
}

interface Edit {
  from: number;
  to: number;
  text: string;
}

const IMPORT =
  'import { answerPoints, callPoints, jobPoints, methodPoints, shiftedDate, transactionPoints } from "@/e2e/resilience/crashes/failpoints/failpoint"; ';

/** Where money, credentials and accounts are changed. */
const WATCHED = /^lib\/(services|ledger|jobs|api)\/.*(?<!\.test)\.ts$/;
const PROVIDER_CALL =
  /(?<![.\w])(provider|directoryOf\(provider\))\.(createCollection|createPayout|getCollection|getPayout|listTransactions|listBanks|resolveAccount)(\?\.)?\(/g;
/** Verbs' own statements that commit by themselves, beside those of the stores. */
const STATEMENTS = ["consume", "giveBack"];

/**
 * Writes a named point before and after each commit, call of a provider and acknowledgement into a copy of the sources.
 * Names follow from the place alone: `withdrawals/submit-withdrawal.1:before-commit`. Throws {@link InvariantError} when a
 * place that it counts on isn't there any more.
 */
export function rewriteSources(sources: readonly SourceText[]): Rewritten {
  const statements = [...STATEMENTS, ...sources.flatMap(findWriters)];
  const points: string[] = [];
  const files = sources.map((source) => {
    if (!WATCHED.test(source.path)) return source;
    const edits = [
      ...transactionEdits(source, points),
      ...statementEdits(source, statements, points),
      ...callEdits(source, points),
      ...(FIXED[source.path]?.(source, points) ?? []),
    ];
    const text = apply(source.text, edits);
    return edits.length === 0 ? source : { path: source.path, text: IMPORT + text };
  });
  for (const path of Object.keys(FIXED)) {
    invariant(
      sources.some((source) => source.path === path),
      `${path} is there to be rewritten`,
    );
  }
  points.push(...answerNames(sources));
  return { files, points: points.sort() };
}

/** What takes the pool without writing: each is looked at once, by whoever adds one. */
const READERS = new Set(["countBreaches", "countMissingColumns", "ping"]);

/**
 * Exported functions below the verbs that are a transaction of their own: all that ask for the pool itself, and those that
 * take any reader and write.
 */
export function findWriters({ path, text }: SourceText): string[] {
  if (!/^lib\/(services\/.*\/store|ledger\/[^/]+)\.ts$/.test(path)) return [];
  const bodies = text.split(/^export (?=async function )/m).slice(1);
  return bodies.flatMap((body) => {
    const [, name, taken] = /^async function (\w+)\(\s*\w+: (Database|Reader)\b/.exec(body) ?? [];
    const isWriter = taken === "Database" || /\.(insert|update|delete)\(|\bselect \w+_seal\(/.test(body);
    return name !== undefined && isWriter && !READERS.has(name) ? [name] : [];
  });
}

/** `lib/services/withdrawals/submit-withdrawal.ts` is `withdrawals/submit-withdrawal`. */
function placeOf(path: string): string {
  return path.replace(/^lib\/(services\/)?/, "").replace(/\.ts$/, "");
}

function transactionEdits({ path, text }: SourceText, points: string[]): Edit[] {
  const found = [...scanSource(text).matchAll(/(?<![.\w])inTransaction\(/g)];
  return found.map(({ index }, at) => {
    const name = `${placeOf(path)}.${at + 1}`;
    points.push(`${name}:before-commit`, `${name}:after-commit`);
    const to = index + "inTransaction".length;
    return { from: index, to, text: `transactionPoints("${name}", inTransaction)` };
  });
}

/** With a transaction for its first argument a statement commits nothing by itself. */
function statementEdits({ path, text }: SourceText, names: readonly string[], points: string[]): Edit[] {
  if (/\/store\.ts$/.test(path)) return [];
  const call = new RegExp(`(?<!function |[.\\w])(${names.join("|")})\\((?!\\s*tx\\b)`, "g");
  return numbered(path, [...scanSource(text).matchAll(call)], (match, name) => {
    const statement = match[1] ?? "";
    points.push(`${name}:before-statement`, `${name}:after-statement`);
    return { length: statement.length, text: `callPoints("${name}", ${statement}, "statement")` };
  });
}

function callEdits({ path, text }: SourceText, points: string[]): Edit[] {
  return numbered(path, [...scanSource(text).matchAll(PROVIDER_CALL)], (match, name) => {
    const [whole, owner, method, optional = ""] = match;
    points.push(`${name}:before-call`, `${name}:after-call`);
    return { length: whole.length - 1, text: `methodPoints("${name}", ${owner}, "${method}")${optional}` };
  });
}

/** Names each match `<place>.<what>.<n>` and replaces its first `length` characters. */
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
    const { length, text } = replace(match, `${placeOf(path)}.${what}.${number}`);
    return { from: match.index, to: match.index + length, text };
  });
}

type Rule = (source: SourceText, points: string[]) => Edit[];

/** Places that are known one by one. */
const FIXED: Record<string, Rule> = {
  "lib/api/webhooks.ts": (source, points) => {
    points.push("api/webhooks:before-storing", "api/webhooks:after-storing");
    return [
      swap(source, "await receiveWebhook(", 'await callPoints("api/webhooks", receiveWebhook, "storing")('),
    ];
  },
  "lib/api/route-table.ts": (source) => [
    swap(
      source,
      "mountCall(call, dependencies)",
      '(call.method === "GET" && !call.hasEffects ? mountCall(call, dependencies) : answerPoints(call.path, mountCall(call, dependencies)))',
    ),
  ],
  "lib/api/mount-call.ts": (source) => [swap(source, "now: new Date()", "now: shiftedDate(new Date())")],
  "lib/jobs/tasks.ts": (source, points) => {
    const jobs = [...source.text.matchAll(/^ {4}(\w+): async \(payload\)/gm)].map(([, name]) => name);
    for (const name of jobs) points.push(`jobs/${name}:before-task`, `jobs/${name}:after-task`);
    return [
      swap(source, "return tasks as TaskList", "return jobPoints(tasks) as TaskList"),
      swap(source, "new Date(row?.now ?? Date.now())", "shiftedDate(new Date(row?.now ?? Date.now()))"),
    ];
  },
  // Started and swept over and over: what takes its time elsewhere would only be waited for.
  "lib/jobs/worker.ts": (source) => [
    swap(source, "pollInterval: 1_000", "pollInterval: 50"),
    swap(source, "ELECTION_PAUSE_MS = 500", "ELECTION_PAUSE_MS = 20"),
  ],
  "lib/jobs/sweeps.ts": (source) => [swap(source, "SWEEP_PAUSE_MS = 20_000", "SWEEP_PAUSE_MS = 86_400_000")],
  "lib/services/reconciliation/compare-provider.ts": (source, points) => {
    const name = "reconciliation/compare-provider.question.1";
    points.push(`${name}:before-call`, `${name}:after-call`);
    return [swap(source, "await question(", `await callPoints("${name}", question)(`)];
  },
  "lib/services/api-access/sessions/finish-google-sign-in.ts": (source, points) => {
    const name = "api-access/sessions/finish-google-sign-in.redeem.1";
    points.push(`${name}:before-call`, `${name}:after-call`);
    return [swap(source, "await redeem(", `await callPoints("${name}", redeem)(`)];
  },
};

function swap({ path, text }: SourceText, old: string, by: string): Edit {
  const from = text.indexOf(old);
  invariant(from !== -1 && text.indexOf(old, from + 1) === -1, `${path} has "${old}" once`);
  return { from, to: from + old.length, text: by };
}

/** Calls of the API that change something: `api/wallet/transfer:before-answer`. */
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
