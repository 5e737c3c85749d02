import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { blockingStatements } from "./blocking-statements";
import { OUTSIDE_TRANSACTION } from "./run-migrations";

const FOLDER = path.resolve("db/migrations");
/** The baseline runs on an empty database; later migrations run while the deployment is in use. */
const BASELINE = [
  "0000_schema.sql",
  "0001_operation_kinds.sql",
  "0002_ledger_posting.sql",
  "0003_transfer_posting.sql",
  "0004_append_only.sql",
  "0005_sealing.sql",
  "0006_application_grants.sql",
];

describe("migrations", () => {
  const names = fs.readdirSync(FOLDER).filter((name) => name.endsWith(".sql"));

  it("begin with exactly the files of the baseline", () => {
    expect(names.sort().slice(0, BASELINE.length)).toEqual(BASELINE);
  });

  it("after the baseline block no writers", () => {
    const later = names.filter((name) => !BASELINE.includes(name));
    const found = later.flatMap((name) =>
      blockingStatements(fs.readFileSync(path.join(FOLDER, name), "utf8")).map((says) => `${name}: ${says}`),
    );
    expect(found).toEqual([]);
  });
});

describe("statements that block writers", () => {
  it.each([
    ['CREATE INDEX "a" ON "operations" USING btree ("state");', "an index"],
    ["create unique index a on operations (state)", "an index"],
    ["alter table operations add constraint a check (fee_minor >= 0)", "not valid"],
    [
      'ALTER TABLE "vaults" ADD CONSTRAINT "a" FOREIGN KEY ("wallet_id") REFERENCES "wallets"("id")',
      "not valid",
    ],
    ["alter table operations add constraint a unique (reference)", "using index"],
    ['ALTER TABLE "operations" ALTER COLUMN "note" SET DATA TYPE varchar;', "another type"],
    ['ALTER TABLE "operations" ALTER COLUMN "note" SET NOT NULL', "not null"],
    ["alter table operations add column token uuid default gen_random_uuid()", "fill it"],
    ["alter table operations add column n bigint generated always as identity", "fill it"],
    ["vacuum full operations", "rewrites"],
    ["-- why\nlock table operations in exclusive mode", "rewrites"],
    [
      "drop index concurrently if exists a;--> statement-breakpoint\ncreate index concurrently a on operations (state)",
      OUTSIDE_TRANSACTION,
    ],
    [`${OUTSIDE_TRANSACTION}\ncreate index concurrently a on operations (state)`, "drop index"],
  ])("are found: %s", (text, says) => {
    expect(blockingStatements(text).join("; ")).toContain(says);
  });

  it.each([
    `${OUTSIDE_TRANSACTION}\ndrop index concurrently if exists a;\n--> statement-breakpoint\ncreate index concurrently a on operations (state);`,
    'create table "news" (id bigint);--> statement-breakpoint\ncreate index "news_id" on "news" ("id");',
    "alter table operations add constraint a check (fee_minor >= 0) not valid",
    "alter table operations validate constraint a",
    "alter table operations add column note_seen boolean",
    "alter table operations add column kind text default 'plain' not null",
    "create or replace function f() returns int language sql as $$ select 1 $$",
  ])("ignores harmless statements: %s", (text) => {
    expect(blockingStatements(text)).toEqual([]);
  });
});
