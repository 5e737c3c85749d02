import { describe, expect, it } from "vitest";
import { inQuery, inStatement } from "./sql-change";

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

describe("changes of SQL", () => {
  it("replace a clause of one statement, whatever its white space and case", () => {
    const changed = inStatement("function post(", "order by id for update", "order by id")(MIGRATION);
    expect(changed).toContain("order by id;\nend");
    expect(changed).toContain("from entries order by id for update");
    expect(inStatement("unique index entries_key", "unique index", "index")(MIGRATION)).toContain(
      'CREATE index "entries_key"',
    );
    expect(inStatement("grant select on entries", "select", "select, update")(MIGRATION)).toContain(
      "grant select on accounts to app;\ngrant select, update on entries to app;",
    );
  });

  it("replace a clause in a query of TypeScript", () => {
    const source =
      "const a = sql`where x < 1`;\nfunction f() {\n  return sql`select 1\n    where x < 5`;\n}\n";
    expect(inQuery("f", "where x <", "where x <=")(source)).toBe(source.replace("x < 5", "x <= 5"));
  });

  it("refuse a statement or a clause that isn't there or is there twice", () => {
    expect(() => inStatement("function gone(", "a", "b")(MIGRATION)).toThrow(
      'a statement "function gone(": found 0 times',
    );
    expect(() => inStatement("function post", "order", "b")(MIGRATION)).toThrow("found 2 times");
    expect(() => inStatement("function post(", "for share", "")(MIGRATION)).toThrow(
      'the clause "for share": found 0 times',
    );
  });
});
