// Statements: made at once and by the worker, told of at the end of a month, and deleted.
import { daysOfMonth } from "@/lib/day-range";
import { saveNoticeChoices } from "@/lib/services/notice-delivery/save-notice-choices";
import { requestDataFile, requestStatementFile } from "@/lib/services/statements/files/request-file";
import { type CrashTest, workload } from "../crash-test";
import { statementText } from "../process-calls";

const ZONE = "Africa/Abidjan";
const STYLE = { zone: ZONE, format: "csv", locale: "fr" } as const;

/** The whole present month. */
function thisMonth() {
  const days = daysOfMonth(new Date().toISOString().slice(0, 7));
  return { currency: "XOF", from: days?.from, to: days?.to } as const;
}

/** Noon of the next month's first day, from now. */
function untilNextMonth(): number {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 12) - now.getTime();
}

async function bytesOf({ sql }: CrashTest, fileId: string): Promise<string> {
  const chunks = await sql<{ bytes: Buffer }[]>`
    select c.bytes from statement_files f join statement_file_chunks c on c.file_id = f.id and c.attempt = f.attempt
    where f.id = ${fileId} and f.state = 'ready' order by c.position`;
  return new TextDecoder().decode(Buffer.concat(chunks.map(({ bytes }) => bytes)));
}

async function untilMade(test: CrashTest, fileId: string): Promise<void> {
  await test.until(async () => {
    const [file] = await test.sql<
      { state: string }[]
    >`select state from statement_files where id = ${fileId}`;
    return file?.state === "ready";
  });
}

export const STATEMENTS = [
  workload({
    name: "statements are made, told of, and deleted",
    reaches: /^(statements\/|jobs\/make_statement_file)/,
    setUp: (test) => test.createPerson({ XOF: 10_000n }),
    send: async (test, person) => {
      const userId = person.userId.toString();
      const atOnce = await test.run(statementText, person, thisMonth(), STYLE);
      const { id } = await test.run(requestStatementFile, person, thisMonth(), STYLE);
      await untilMade(test, id);
      test.equal(await bytesOf(test, id), atOnce, "the statement that the worker made");
      const told = await test.sql`select from notices where user_id = ${userId} and kind = 'statement_ready'`;
      test.equal(told.length, 1, "notices of a statement that is ready");
      const copy = await test.run(requestDataFile, person, { secret: "" }, STYLE);
      await untilMade(test, copy.id);
      const profile = JSON.parse((await bytesOf(test, copy.id)) || "{}").profile ?? {};
      test.equal(profile.first_name !== undefined, true, "the copy of the person's data");
      await test.run(saveNoticeChoices, person, { "monthly_statements.email": "on" });
      test.harness.shift(untilNextMonth());
      for (let time = 0; time < 2; time += 1) await test.harness.sweep();
      test.harness.shift(0);
      const months =
        await test.sql`select from notices where user_id = ${userId} and kind = 'monthly_statement'`;
      test.equal(months.length, 1, "notices of the month's statement");
      await test.sql`update statement_files set expires_at = now() where user_id = ${userId}`;
      await test.harness.sweep();
      const left = await test.sql`select from statement_files where user_id = ${userId}`;
      test.equal(left.length, 0, "files that are out of date");
    },
  }),
];
