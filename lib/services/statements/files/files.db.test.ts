import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configureVerbs } from "@/e2e/support/configure-verbs";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { fillAccount } from "@/e2e/support/long-account";
import { createContext, createUser, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { makeStatementHistory } from "@/e2e/support/statement-history";
import { chart } from "@/lib/ledger/chart";
import { overrideProviders } from "@/lib/providers/registry";
import type { Context } from "../../context";
import { downloadStatement } from "../download-statement";
import type { StatementFormat } from "../schema";
import { clearStatementFiles, requeueStatementFiles } from "./clear-files";
import { downloadFile } from "./download-file";
import { getStatementFile, listStatementFiles } from "./get-file";
import { makeStatementFile } from "./make-file";
import { requestDataFile, requestStatementFile } from "./request-file";

const { db, owner, appUrl } = await useDatabase();
configureVerbs(appUrl);
const ZONE = "Africa/Abidjan" as const;
const march = { currency: "XOF", from: "2026-03-01", to: "2026-03-31" } as const;
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);

beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));

const worker = (): Context => createContext(db, { kind: "system" });
const now = ({ context }: TestUser): Context => ({ ...context, now: new Date() });

async function busyUser(lines = 2_500): Promise<TestUser> {
  const user = await createUser(db, { pin: TEST_PIN });
  await fillAccount(owner, chart.available(user.walletId, "XOF"), {
    count: lines,
    first: new Date("2026-03-01T01:00:00Z"),
    stepSeconds: 1,
  });
  return user;
}

const request = (user: TestUser, format: StatementFormat = "csv") =>
  requestStatementFile(now(user), march, { zone: ZONE, format, locale: "fr" });

async function bytesOf(user: TestUser, id: string): Promise<string> {
  return await new Response((await downloadFile(now(user), id)).body).text();
}

/** The same statement as it is made while its owner waits. */
async function madeAtOnce(user: TestUser): Promise<string> {
  const download = await downloadStatement(now(user), march, { zone: ZONE, format: "csv", locale: "fr" });
  if ("delivery" in download) throw new Error("short");
  return await new Response(download.body).text();
}

const noticesOf = async ({ userId }: TestUser): Promise<string[]> => {
  const rows = await owner<{ kind: string }[]>`
    select kind from notices where user_id = ${userId.toString()} and kind <> 'pin_set' order by id`;
  return rows.map(({ kind }) => kind);
};

const chunksOf = async (id: string) =>
  await owner<{ attempt: number }[]>`select attempt from statement_file_chunks where file_id = ${id}`;

describe("a file", () => {
  it("is what the same statement is at once; told when it is ready, and downloaded by its owner only", async () => {
    const [user, stranger] = [await busyUser(), await createUser(db)];
    const { id } = await request(user);
    expect(await getStatementFile(now(user), id)).toMatchObject({ state: "waiting" });
    await expect(downloadFile(now(user), id)).rejects.toMatchObject({ code: "not_found" });
    await makeStatementFile(worker(), id);
    expect(await noticesOf(user)).toEqual(["statement_ready"]);
    const text = await bytesOf(user, id);
    expect(text).toBe(await madeAtOnce(user));
    const download = await downloadFile(now(user), id);
    expect(download).toMatchObject({ fileName: "cauris-releve-2026-03-XOF.csv" });
    expect(download.byteCount).toBe(BigInt(Buffer.byteLength(text)) + 3n);
    await download.body.cancel();
    for (const other of [
      stranger.context,
      createContext(db, { kind: "api_key", userId: user.userId, keyId: 1n }),
    ]) {
      await expect(downloadFile(other, id)).rejects.toMatchObject({ code: /not_found|unauthenticated/ });
      await expect(getStatementFile(other, id)).rejects.toMatchObject({ code: /not_found|unauthenticated/ });
    }
    await expect(downloadFile(now(user), "../x")).rejects.toMatchObject({ code: "not_found" });
  });

  it("that broke off in the middle is made again from its beginning, and no half of it is ever downloaded", async () => {
    const user = await busyUser(20_000);
    const { id } = await request(user, "machine");
    const stopping = new AbortController();
    const broken = makeStatementFile(worker(), id, stopping.signal);
    await expect.poll(async () => (await chunksOf(id)).length, { interval: 5 }).toBeGreaterThan(0);
    stopping.abort();
    await expect(broken).rejects.toThrow();
    await expect(downloadFile(now(user), id)).rejects.toMatchObject({ code: "not_found" });
    await makeStatementFile(worker(), id);
    expect(new Set((await chunksOf(id)).map(({ attempt }) => attempt))).toEqual(new Set([2]));
    const lines = (await bytesOf(user, id)).trimEnd().split("\r\n");
    expect(lines).toHaveLength(20_001);
    // A job that runs once more changes nothing.
    await makeStatementFile(worker(), id);
    expect(await noticesOf(user)).toEqual(["statement_ready"]);
  });

  it("made by two workers at once is whole and the newest one's", async () => {
    const user = await busyUser(20_000);
    const { id } = await request(user);
    const results = await Promise.allSettled([
      makeStatementFile(worker(), id),
      makeStatementFile(worker(), id),
    ]);
    expect(results.some(({ status }) => status === "fulfilled")).toBe(true);
    expect((await getStatementFile(now(user), id)).state).toBe("ready");
    expect(await bytesOf(user, id)).toBe(await madeAtOnce(user));
    expect(await noticesOf(user)).toEqual(["statement_ready"]);
  });

  it("of one person doesn't mix with another's that is made at the same time", async () => {
    const [one, two] = [await busyUser(3_000), await busyUser(4_000)];
    const files = [await request(one), await request(two)];
    await Promise.all(files.map(({ id }) => makeStatementFile(worker(), id)));
    expect(await bytesOf(one, files[0]?.id ?? "")).toBe(await madeAtOnce(one));
    expect(await bytesOf(two, files[1]?.id ?? "")).toBe(await madeAtOnce(two));
  });

  it("is one at a time: a double tap, and another request meanwhile, lead to the same", async () => {
    const user = await busyUser(10);
    const ids = await Promise.all([request(user), request(user), request(user, "pdf")]);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
    await makeStatementFile(worker(), ids[0]?.id ?? "");
    expect((await request(user)).id).not.toBe(ids[0]?.id);
  });

  it("is made ten times a day at most", async () => {
    const user = await busyUser(1);
    for (let time = 0; time < 10; time += 1) await makeStatementFile(worker(), (await request(user)).id);
    await expect(request(user)).rejects.toMatchObject({ code: "rate_limited" });
  });

  it("that always fails is given up, and its owner is told", async () => {
    const user = await busyUser(3_000);
    const { id } = await request(user);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(makeStatementFile(worker(), id, AbortSignal.abort())).rejects.toThrow();
    }
    await makeStatementFile(worker(), id);
    expect((await getStatementFile(now(user), id)).state).toBe("failed");
    expect(await noticesOf(user)).toEqual(["statement_failed"]);
    expect((await request(user)).id).not.toBe(id);
  });

  it("is deleted with its bytes after a week, and its job is written again when it was lost", async () => {
    const user = await busyUser(100);
    const { id } = await request(user);
    await owner`update statement_files set updated_at = now() - interval '2 hours' where id = ${id}`;
    await owner`select graphile_worker.remove_job(${`statement_file:${id}`})`;
    expect(await requeueStatementFiles(worker())).toBeGreaterThanOrEqual(1);
    expect(
      await owner`select key from graphile_worker._private_jobs where key = ${`statement_file:${id}`}`,
    ).toHaveLength(1);
    await makeStatementFile(worker(), id);
    const inAWeek = { ...user.context, now: new Date(Date.now() + 7.1 * 86_400_000) };
    await expect(downloadFile(inAWeek, id)).rejects.toMatchObject({ code: "not_found" });
    expect(await listStatementFiles(inAWeek)).toEqual([]);
    await owner`update statement_files set expires_at = now() where id = ${id}`;
    expect(await clearStatementFiles(worker())).toBeGreaterThanOrEqual(1);
    expect(await chunksOf(id)).toEqual([]);
  });

  it("as a PDF of more lines than anybody reads is refused", async () => {
    const user = await busyUser(50_001);
    await expect(request(user, "pdf")).rejects.toMatchObject({
      code: "validation_failed",
      details: { issues: [{ reason: "statement_too_long" }] },
    });
  });
});

describe("a copy of all data", () => {
  const style = { zone: ZONE, locale: "fr" } as const;

  it("needs the PIN or the password, and has everything but secrets", async () => {
    const operationId = async (reference: string) => {
      const [row] = await owner<{ id: string }[]>`select id from operations where reference = ${reference}`;
      return BigInt(row?.id ?? 0);
    };
    const { user } = await makeStatementHistory(db, operationId, provider);
    await expect(requestDataFile(now(user), { secret: "" }, style)).rejects.toMatchObject({
      code: "pin_required",
    });
    await expect(requestDataFile(now(user), { secret: "9999" }, style)).rejects.toMatchObject({
      code: "pin_wrong",
    });
    const { id } = await requestDataFile(now(user), { secret: TEST_PIN }, style);
    await makeStatementFile(worker(), id);
    expect(await noticesOf(user)).toEqual(expect.arrayContaining(["data_copy_requested", "data_copy_ready"]));
    const text = await bytesOf(user, id);
    const data = JSON.parse(text);
    expect(data.profile).toMatchObject({ email: user.email, first_name: "Awa", has_password: false });
    expect(data.wallet.number).toBe(user.walletNumber);
    expect(data.wallet.balances).toContainEqual({
      account: "XOF/held",
      currency: "XOF",
      balance_minor: 2000,
    });
    expect(data.operations).toHaveLength(7);
    expect(data.operations[1]).toMatchObject({
      type: "transfer",
      is_received: true,
      events: [{ state: "succeeded" }],
    });
    expect(data.vaults).toMatchObject([{ name: "Toit de la maison" }]);
    expect(data.sessions).toMatchObject([{ device: "Test" }]);
    const [secrets] = await owner<{ session: string; pin: string }[]>`
      select s.id::text as session, p.hash as pin from sessions s join pins p using (user_id)
      where s.user_id = ${user.userId.toString()}`;
    for (const secret of Object.values(secrets ?? {})) expect(text).not.toContain(secret);
    expect((await downloadFile(now(user), id)).fileName).toMatch(/^cauris-mes-donnees-.*\.json$/);
  });
});
