import { describe, expect, it } from "vitest";
import { mutate, mutationsIn } from "./mutation";
import { verdictOf } from "./run-mutations";
import { SQL_MUTATIONS } from "./sql-mutations";

const MIGRATION = `-- A comment.
create function post(p_id bigint) returns void language plpgsql as $$
begin
  select * from accounts
    order by id   for update;
end $$;
--> statement-breakpoint
create function post_all() returns void language sql as $$ select id from entries order by id for update $$;
--> statement-breakpoint
CREATE UNIQUE INDEX "entries_key" ON "entries" ("source");--> statement-breakpoint
-- Grants.
grant select on accounts to app;
grant select on entries to app;
`;

const CODE = `const LIMIT = 5;
/** Pays. */
export async function pay(context: Context): Promise<string> {
  await checkPin(
    context,
  );
  return sql\`select 1 where x < \${LIMIT}\`;
}
const isOpen = and(isNull(t.closedAt), isNull(t.frozenAt));
`;

const mutated = (file: string, source: string) => (statement: string, clause: string, replacement: string) =>
  mutate(source, { file, statement, clause, replacement });
const sql = mutated("a.sql", MIGRATION);
const code = mutated("a.ts", CODE);

describe("a mutation", () => {
  it("replaces a clause of one SQL statement, whatever its white space and case", () => {
    const changed = sql("function post(", "order by id for update", "order by id");
    expect(changed).toContain("order by id;\nend");
    expect(changed).toContain("from entries order by id for update");
    expect(sql("unique index entries_key", "unique index", "index")).toContain('CREATE index "entries_key"');
    expect(sql("grant select on entries", "select", "select, update")).toContain(
      "grant select on accounts to app;\ngrant select, update on entries to app;",
    );
  });

  it("replaces a clause of one function or constant of TypeScript", () => {
    expect(code("pay", "await checkPin(context,);", "")).toContain("{\n  \n  return");
    expect(code("pay", "x <", "x <=")).toBe(CODE.replace("x <", "x <="));
    expect(code("isOpen", "isNull(t.closedAt),", "")).toContain("and( isNull(t.frozenAt))");
  });

  it("refuses a statement or a clause that isn't there or is there twice", () => {
    expect(() => sql("function gone(", "a", "b")).toThrow('a statement "function gone(": found 0 times');
    expect(() => sql("function post", "order", "b")).toThrow("found 2 times");
    expect(() => sql("function post(", "for share", "")).toThrow('the clause "for share": found 0 times');
    expect(() => code("gone", "a", "b")).toThrow('a statement "gone": found 0 times');
  });

  it("refuses names that the file doesn't have: every test would fail for them", () => {
    expect(() => code("pay", "await checkPin(context,);", "unknown();")).toThrow("the file has no unknown");
  });
});

it("a list names wrong behaviours below their statement and test", () => {
  const list =
    "# lib/a.ts | pay | a.test.ts\nfree\n- charge();\ndear\n- 1\n+ 2\n# b.sql | grant | lib/b.test.ts\nx\n- c\n";
  const pay = { file: "lib/a.ts", statement: "pay", test: "lib/a.test.ts" };
  expect(mutationsIn(list)).toEqual([
    { name: "free", ...pay, clause: "charge();", replacement: "" },
    { name: "dear", ...pay, clause: "1", replacement: "2" },
    { name: "x", file: "b.sql", statement: "grant", clause: "c", replacement: "", test: "lib/b.test.ts" },
  ]);
});

it("the list of SQL has at most forty", () => {
  expect(SQL_MUTATIONS.length).toBeLessThanOrEqual(40);
});

it.each([
  [{ numPassedTests: 4, numFailedTests: 1, success: false }, "red"],
  [{ numPassedTests: 5, numFailedTests: 0, success: true }, "green"],
  [{ numPassedTests: 5, numFailedTests: 0, success: false }, "missing or unable to run"],
  [{ numPassedTests: 0, numFailedTests: 0, success: true }, "missing or unable to run"],
  ["", "missing or unable to run"],
])("only a failed test is red: a file that can't be loaded or holds no test isn't", (report, verdict) => {
  expect(verdictOf(report === "" ? "" : JSON.stringify(report))).toBe(verdict);
});
