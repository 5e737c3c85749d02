import { describe, expect, it } from "vitest";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { configureVerbs } from "@/e2e/support/configure-verbs";
import { useDatabase } from "@/e2e/support/database";
import { fillAccount } from "@/e2e/support/long-account";
import { createUser, type TestUser } from "@/e2e/support/people";
import { chart } from "@/lib/ledger/chart";
import { createApi } from "../route-table";

const { db, owner, appUrl } = await useDatabase();
configureVerbs(appUrl);

/** Keys whose text is the user's id. */
const api = createApi(
  testDependencies(() => db, {
    accessToken: () => Promise.reject(new Error("no tokens here")),
    apiKey: async (key) => ({
      actor: { kind: "api_key", userId: BigInt(key), keyId: 5n },
      permissions: ["read"],
    }),
  }),
);

async function ask(user: TestUser, query: string): Promise<Response> {
  const headers = { "x-api-key": user.userId.toString() };
  return await api.answer(new Request(`http://localhost:3000/api/wallet/statement?${query}`, { headers }));
}

async function busyUser(count: number): Promise<TestUser> {
  const user = await createUser(db);
  const account = chart.available(user.walletId, "XOF");
  await fillAccount(owner, account, { count, first: new Date("2026-03-01T01:00:00Z"), stepSeconds: 1 });
  return user;
}

const march = "currency=XOF&from=2026-03-01&to=2026-03-31";

describe("GET /api/wallet/statement", () => {
  it("answers every line; closing = opening + in - out", async () => {
    const body = await (await ask(await busyUser(1_001), march)).json();
    expect(body.lines).toHaveLength(1_001);
    expect(body.closing_minor).toBe(body.opening_minor + body.total_in_minor - body.total_out_minor);
    let balance: number = body.opening_minor;
    for (const [index, line] of body.lines.entries()) {
      balance += line.amount_minor;
      expect([line.balance_minor, line.sequence]).toEqual([balance, index + 1]);
    }
  });

  it("answers a CSV for programs and a PDF as files", async () => {
    const user = await busyUser(3);
    const csv = await ask(user, `${march}&format=csv`);
    expect(csv.headers.get("content-type")).toContain("text/csv");
    expect(csv.headers.get("content-disposition")).toContain(
      'filename="cauris-statement-2026-03-XOF-data.csv"',
    );
    expect((await csv.text()).split("\r\n")).toHaveLength(5);
    const pdf = await ask(user, `${march}&format=pdf&locale=fr`);
    expect(pdf.headers.get("content-type")).toBe("application/pdf");
    expect(new TextDecoder().decode((await pdf.arrayBuffer()).slice(0, 5))).toBe("%PDF-");
  });

  it("refuses reversed and future days, unknown ones, and more lines than an answer holds", async () => {
    const user = await busyUser(5_001);
    const fieldsOf = async (query: string) => {
      const answer = await ask(user, query);
      return [answer.status, (await answer.json()).fields];
    };
    const refused = (field: string, reason: string) => [422, [{ field, reason }]];
    expect(await fieldsOf("from=2026-03-02&to=2026-03-01")).toEqual(refused("to", "range_reversed"));
    expect(await fieldsOf("from=2099-01-01&to=2099-01-02")).toEqual(refused("from", "date_future"));
    expect((await fieldsOf("from=2026-02-30&to=2026-03-01"))[0]).toBe(422);
    expect((await fieldsOf(`${march}&vault=1`))[0]).toBe(422);
    expect(await fieldsOf(march)).toEqual(refused("to", "statement_too_long"));
    expect(await fieldsOf(`${march}&format=pdf`)).toEqual(refused("to", "statement_too_long"));
    expect((await ask(user, `${march}&format=csv`)).status).toBe(200);
  });
});
