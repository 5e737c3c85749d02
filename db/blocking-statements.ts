import { OUTSIDE_TRANSACTION } from "./run-migrations";

/** One way in which a statement keeps writers waiting for as long as it works, and what to write instead. */
interface Rule {
  says: string;
  /** Finds the statement; its group `table`, when it has one, is a table that may be new in this migration. */
  finds: RegExp;
  unless?: RegExp;
}

const NAME = '(?:only\\s+)?(?:if\\s+exists\\s+)?(?:"?public"?\\.)?"?(?<table>\\w+)"?';

// What each form of ALTER TABLE and CREATE INDEX locks, and which of them scan or rewrite the table: PostgreSQL's
// documentation of both statements, and of explicit locking.
const RULES: readonly Rule[] = [
  {
    says: "an index blocks writers while it is made: use `create index concurrently` in a migration of its own",
    finds: new RegExp(
      `^create\\s+(?:unique\\s+)?index\\s+(?!concurrently)[\\s\\S]*?\\son\\s+${NAME}[\\s(]`,
      "i",
    ),
  },
  {
    says: "a check or foreign key reads the whole table under its lock: add it `not valid`, and validate it in a later migration",
    finds: new RegExp(
      `^alter\\s+table\\s+${NAME}[\\s\\S]*\\sadd\\s+constraint\\s[\\s\\S]*\\s(?:check|foreign\\s+key)\\b`,
      "i",
    ),
    unless: /\snot\s+valid\s*$/i,
  },
  {
    says: "a key makes its index under the lock: make the index concurrently first, and add the constraint `using index`",
    finds: new RegExp(
      `^alter\\s+table\\s+${NAME}[\\s\\S]*\\sadd\\s+(?:constraint\\s+\\S+\\s+)?(?:unique|primary\\s+key)\\b`,
      "i",
    ),
    unless: /\susing\s+index\s/i,
  },
  {
    says: "another type rewrites the table: add a column, fill it, and drop the old one later",
    finds: new RegExp(`^alter\\s+table\\s+${NAME}[\\s\\S]*\\salter\\s+column\\s[\\s\\S]*\\stype\\s`, "i"),
  },
  {
    says: "`set not null` reads the whole table under its lock: validate a check that says so first, and name it in a comment",
    finds: new RegExp(`^alter\\s+table\\s+${NAME}[\\s\\S]*\\sset\\s+not\\s+null`, "i"),
    unless: /--\s*checked by \w+/i,
  },
  {
    says: "a column with a default that differs by row, or a stored or identity one, rewrites the table: add it empty, then fill it",
    finds: new RegExp(
      `^alter\\s+table\\s+${NAME}[\\s\\S]*\\sadd\\s+column\\s[\\s\\S]*(?:default\\s+(?:\\w+\\.)?(?:clock_timestamp|random|gen_random_uuid|nextval)\\b|\\bgenerated\\b)`,
      "i",
    ),
  },
  {
    says: "it rewrites or locks the whole table",
    finds: new RegExp(
      `^(?:vacuum\\s+full|cluster|lock\\s+table|truncate|reindex\\s+(?:table|index)(?!\\s+concurrently))\\s+(?:table\\s+)?${NAME}`,
      "i",
    ),
  },
];

/** What in the text of a migration would keep the writers of a full table waiting; none when it may run under load. */
export function blockingStatements(text: string): string[] {
  const isOutside = text.startsWith(OUTSIDE_TRANSACTION);
  const statements = text.split("--> statement-breakpoint").map(withoutComments);
  const made = new Set(statements.flatMap((statement) => tableMadeBy(statement) ?? []));
  return statements.flatMap((statement, index) => {
    const before = statements[index - 1] ?? "";
    return [
      ...RULES.filter((rule) => breaks(rule, statement, made)).map(({ says }) => says),
      ...concurrentProblems(statement, before, isOutside),
    ];
  });
}

function breaks({ finds, unless }: Rule, statement: string, made: ReadonlySet<string>): boolean {
  const found = finds.exec(statement);
  return found !== null && !made.has(found.groups?.table ?? "") && unless?.test(statement) !== true;
}

function concurrentProblems(statement: string, before: string, isOutside: boolean): string[] {
  const index = /^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?"?(\w+)/i.exec(
    statement,
  )?.[1];
  if (index === undefined) return [];
  const dropped = /^drop\s+index\s+concurrently\s+if\s+exists\s+"?(\w+)/i.exec(before)?.[1];
  return [
    ...(isOutside ? [] : [`begin the migration with \`${OUTSIDE_TRANSACTION}\``]),
    // An interrupted one leaves an invalid index, which queries ignore and writes still maintain.
    ...(dropped === index ? [] : [`drop index concurrently if exists ${index} before, for a second try`]),
  ];
}

function tableMadeBy(statement: string): string | undefined {
  return new RegExp(`^create\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?${NAME}`, "i").exec(statement)?.groups
    ?.table;
}

/** Without its leading lines of comment, so that rules see how it begins. */
function withoutComments(statement: string): string {
  return statement
    .replace(/^(?:\s*--[^\n]*(?:\n|$))+/, "")
    .trim()
    .replace(/;\s*$/, "");
}
