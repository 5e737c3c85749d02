import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { useDatabase } from "@/e2e/support/database";
import { createUser, type TestUser } from "@/e2e/support/people";
import { advance, approveAll, type Person, pay, runningGroup, timeOf } from "@/e2e/support/tontines";
import { newKey } from "@/lib/ids";
import { createApi } from "../route-table";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db } = await useDatabase({ alone: true });

/** Keys whose text is the user's id. */
const api = createApi(
  testDependencies(() => db, {
    accessToken: async (token) => ({ kind: "user", userId: BigInt(token), sessionId: "test" }),
    apiKey: async (key) => ({
      actor: { kind: "api_key", userId: BigInt(key.replace(/\D/g, "")), keyId: 5n },
      permissions: key.startsWith("read-") ? ["tontine:read"] : ["tontine:read", "tontine:pay"],
    }),
  }),
);

interface Call {
  method?: string;
  body?: object;
  key?: string;
  credential?: string;
}

async function call(user: TestUser, path: string, { method = "GET", body, key, credential }: Call = {}) {
  const headers = {
    "x-api-key": credential ?? user.userId.toString(),
    ...(body && { "content-type": "application/json" }),
    ...(key && { "idempotency-key": key }),
  };
  const answer = await api.answer(
    new Request(`http://localhost:3000/api/tontines${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    }),
  );
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

describe("tontines by the API", () => {
  it("are listed, read and paid into by a key of one of their members", async () => {
    const group = await runningGroup(db, { count: 4 });
    const [fatou, awa] = group.people as [Person, Person];
    await advance(group, timeOf(group, 1, -2));
    const listed = await call(awa, "");
    expect(listed.body).toMatchObject({
      count: 1,
      tontines: [{ code: group.code, state: "running", current_turn: 1, owed: { amount_minor: 10_000 } }],
    });
    const { body: dues } = await call(awa, `/${group.code}/dues`);
    expect(dues).toMatchObject({
      count: 1,
      dues: [{ turn: 1, state: "open", open: { amount_minor: 10_000 } }],
    });
    const key = newKey();
    const path = `/dues/${dues.dues[0].id}/pay`;
    const paid = await call(awa, path, { method: "POST", key });
    expect(paid).toMatchObject({ status: 200, body: { amount_minor: 10_000 } });
    const again = await call(awa, path, { method: "POST", key });
    expect(again.body).toEqual(paid.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await call(awa, path, { method: "POST", key: newKey() })).status).toBe(409);
    expect((await call(awa, "")).body.tontines[0].owed).toBeNull();
    const glance = await call(fatou, `/${group.code.toLowerCase()}`);
    expect(glance.body).toMatchObject({ paid_count: 1, due_count: 4, turn: { number: 1 } });
    expect(JSON.stringify(glance.body)).not.toContain("+2");
    const minutes = await call(fatou, `/${group.code}/minutes/1`);
    expect(minutes.body).toMatchObject({
      turn: { number: 1 },
      is_final: false,
      paid: { amount_minor: 10_000 },
      roll: [{ state: "awaited" }, { name: "Awa T.", state: "paid" }, {}, {}],
      hash: createHash("sha256").update(minutes.body.lines.join("\n")).digest("hex"),
    });
    expect((await call(fatou, `/${group.code}/minutes/2`)).status).toBe(404);
    expect((await call(fatou, `/${group.code}/minutes/0x1`)).status).toBe(404);
    const turns = await call(fatou, `/${group.code}/turns`);
    expect(turns.body).toMatchObject({
      count: 4,
      turns: [{ receivers: [{ name: "Fatou T." }] }, {}, {}, {}],
    });
  });

  it("have a cash book whose balance goes up with what is paid in, and to nothing with the payout", async () => {
    const group = await runningGroup(db, { count: 4 });
    const [fatou, awa, , issa] = group.people as [Person, Person, Person, Person];
    await advance(group, timeOf(group, 1, -2));
    for (const person of group.people) await pay(group, person, 1, { by: person === issa ? awa : person });
    await approveAll(group, 1, timeOf(group, 1));
    const first = await call(fatou, `/${group.code}/cashbook?limit=2`);
    expect(first.body).toMatchObject({
      count: 2,
      next_cursor: "4",
      lines: [
        {
          number: 5,
          direction: "out",
          balance: { amount_minor: 0 },
          moved: { amount_minor: 40_000 },
          turn: 1,
        },
        {
          number: 4,
          direction: "in",
          balance: { amount_minor: 40_000 },
          member: "Issa T.",
          paid_by: "Awa T.",
        },
      ],
    });
    const rest = await call(fatou, `/${group.code}/cashbook?cursor=4`);
    expect(rest.body.next_cursor).toBeNull();
    const balances = rest.body.lines.map(
      (line: { balance: { amount_minor: number } }) => line.balance.amount_minor,
    );
    expect(balances).toEqual([30_000, 20_000, 10_000]);
  });

  it("are nobody else's, and a key that only reads pays nothing", async () => {
    const group = await runningGroup(db, { count: 4 });
    const [, awa] = group.people as [Person, Person];
    await advance(group, timeOf(group, 1, -2));
    const stranger = await createUser(db);
    const { body } = await call(awa, `/${group.code}/dues`);
    const pays = `/dues/${body.dues[0].id}/pay`;
    for (const path of ["", "/turns", "/dues", "/cashbook"]) {
      expect((await call(stranger, `/${group.code}${path}`)).status).toBe(404);
    }
    expect((await call(stranger, pays, { method: "POST" })).status).toBe(404);
    expect((await call(stranger, "/dues/999999999999/pay", { method: "POST" })).status).toBe(404);
    expect((await call(stranger, "")).body).toEqual({ tontines: [], count: 0 });
    const credential = `read-${awa.userId}`;
    expect((await call(awa, pays, { method: "POST", credential })).status).toBe(403);
    const typed = [{ amount: 0 }, { amount: 5.5 }, { amount: "10000" }, { amount: 10_000, currency: "XOF" }];
    for (const refused of typed) {
      expect((await call(awa, pays, { method: "POST", body: refused })).status).toBe(422);
    }
    // The rules allow no parts.
    expect((await call(awa, pays, { method: "POST", body: { amount: 5_000 } })).status).toBe(422);
  });
});
