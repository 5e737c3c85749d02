import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { CURRENCIES, CURRENCY_CODES } from "@/lib/money/currency";
import { OPERATION_KINDS, OPERATION_TYPES, STATES, statesAwaiting } from "@/lib/services/operations/kinds";

const { db, owner } = await useDatabase();
const sql = db.$client;

describe("the tables of kinds equal OPERATION_KINDS and CURRENCIES", () => {
  it("currencies", async () => {
    const rows = await sql<{ code: string; decimals: number }[]>`select code, decimals from currencies`;
    const inSql = Object.fromEntries(rows.map(({ code, decimals }) => [code, decimals]));
    expect(inSql).toEqual(
      Object.fromEntries(CURRENCY_CODES.map((code) => [code, CURRENCIES[code].decimals])),
    );
  });

  it("types of operations", async () => {
    const rows = await sql<
      { type: string; is_internal: boolean }[]
    >`select type, is_internal from operation_types`;
    const inSql = Object.fromEntries(rows.map((row) => [row.type, row.is_internal]));
    expect(inSql).toEqual(
      Object.fromEntries(OPERATION_TYPES.map((type) => [type, OPERATION_KINDS[type].isInternal])),
    );
  });

  it("states", async () => {
    const rows = await sql<{ row: string }[]>`
      select concat_ws(' ', type, state, is_initial, awaits) as row from operation_states`;
    const inTypeScript = STATES.map(({ type, state, isInitial = false, awaits }) =>
      [type, state, isInitial ? "t" : "f", awaits].filter((part) => part !== undefined).join(" "),
    );
    expect(rows.map(({ row }) => row).sort()).toEqual(inTypeScript.sort());
  });

  it("edges", async () => {
    const rows = await sql<{ row: string }[]>`
      select concat_ws(' ', type, from_state, to_state) as row from operation_edges`;
    const inTypeScript = STATES.flatMap(({ type, state, next = [] }) =>
      next.map((to) => `${type} ${state} ${to}`),
    );
    expect(rows.map(({ row }) => row).sort()).toEqual(inTypeScript.sort());
  });
});

describe("a kind of operation", () => {
  it.each(OPERATION_TYPES)("%s has states with the same status in every type", (type) => {
    for (const { state, status } of STATES.filter((row) => row.type === type)) {
      expect(new Set(STATES.filter((row) => row.state === state).map((row) => row.status))).toEqual(
        new Set([status]),
      );
    }
  });

  it.each(OPERATION_TYPES)("%s has states that await the same side in every type", (type) => {
    for (const { state, awaits } of STATES.filter((row) => row.type === type)) {
      expect(new Set(STATES.filter((row) => row.state === state).map((row) => row.awaits))).toEqual(
        new Set([awaits]),
      );
    }
  });
});

describe("an index over states", () => {
  it.each([
    ["operations_open", "provider"],
    ["operations_stuck", "operator"],
  ] as const)("%s has those that await the %s", async (index, side) => {
    const [row] = await owner<{ condition: string }[]>`
      select pg_get_expr(indpred, indrelid) as condition from pg_index where indexrelid = ${index}::regclass`;
    const states = [...(row?.condition ?? "").matchAll(/'(\w+)'/g)].map((match) => match[1]);
    expect(states.sort()).toEqual(statesAwaiting(side).sort());
  });
});

describe("the application", () => {
  it.each(["currencies", "operation_types", "operation_states", "operation_edges"])(
    "reads %s and can't write it",
    async (table) => {
      expect((await sql.unsafe(`select * from ${table}`)).length).toBeGreaterThan(0);
      await expect(sql.unsafe(`delete from ${table}`)).rejects.toThrow("permission denied");
      await expect(sql.unsafe(`insert into ${table} select * from ${table}`)).rejects.toThrow(
        "permission denied",
      );
    },
  );
});
