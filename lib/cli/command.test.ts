import { describe, expect, test } from "vitest";
import { helpOf, parseCommand, UsageError, usageOf } from "./command";
import { COMMANDS } from "./commands";
import { formatTable } from "./commands/format";

const wordsOf = (line: string) => line.split(" ").filter((word) => word !== "");

function parse(line: string): [string, Record<string, unknown>] {
  const { command, values } = parseCommand(COMMANDS, wordsOf(line));
  return [command.name, values];
}

test.each<[string, string, Record<string, unknown>]>([
  ["token awa@example.test", "token", { identifier: "awa@example.test" }],
  ["process-deposit TXN-1", "process-deposit", { reference: "TXN-1", force: false }],
  ["process-deposit --force TXN-1", "process-deposit", { reference: "TXN-1", force: true }],
  ["process-deposit TXN-1 --force", "process-deposit", { reference: "TXN-1", force: true }],
  ["replay-webhook 12", "replay-webhook", { eventId: 12n }],
  ["audit", "audit", { full: false }],
  ["audit --full", "audit", { full: true }],
  ["seal", "seal", {}],
  ["seals export", "seals export", { out: null, "with-postings": false }],
  ["seals export --with-postings --out a.jsonl", "seals export", { out: "a.jsonl", "with-postings": true }],
  ["seals verify", "seals verify", { against: null }],
  ["seals verify --against a.jsonl", "seals verify", { against: "a.jsonl" }],
  ["balance 1234567890128", "balance", { walletNumber: "1234567890128" }],
  ["keys", "keys", { identifier: null }],
  ["keys awa@example.test", "keys", { identifier: "awa@example.test" }],
  ["keys revoke 7", "keys revoke", { keyId: 7n }],
  ["dead-letters", "dead-letters", {}],
  ["dead-letters retry event 7", "dead-letters retry", { kind: "event", id: 7n }],
  [
    "resolve TXN-1 paid --note statement --by ada",
    "resolve",
    { reference: "TXN-1", verdict: "paid", note: "statement", by: "ada" },
  ],
  [
    "suspense assign 7 TXN-1 --note hers",
    "suspense assign",
    { entryId: 7n, reference: "TXN-1", note: "hers", by: null },
  ],
  ["reconcile", "reconcile", { from: null, to: null }],
  [
    "reconcile --from 2026-11-21 --to 2026-11-22T21:30Z",
    "reconcile",
    { from: new Date("2026-11-21T00:00Z"), to: new Date("2026-11-22T21:30Z") },
  ],
  [
    "dead-letters close event 7 --note ours",
    "dead-letters close event",
    { eventId: 7n, note: "ours", by: null },
  ],
  ["payouts", "payouts", {}],
  ["payouts status", "payouts", {}],
  ["payouts stop", "payouts stop", { provider: null, note: null, by: null }],
  [
    "payouts stop paystack --note float --by ada",
    "payouts stop",
    { provider: "paystack", note: "float", by: "ada" },
  ],
  ["payouts resume --by ada", "payouts resume", { provider: null, note: null, by: "ada" }],
])("%s is understood", (line, name, values) => {
  expect(parse(line)).toEqual([name, values]);
});

test.each(["token --help", "token -h", "resolve TXN-1 --help"])("%s asks for the command's help", (line) => {
  expect(parseCommand(COMMANDS, wordsOf(line))).toMatchObject({ isHelp: true });
});

test.each([
  ["pay", "There is no command pay."],
  ["token", "token needs an e-mail address or a phone number."],
  ["token a b", "token takes no b."],
  ["token a --force", "token: Unknown option '--force'."],
  ["process-deposit", "process-deposit needs a reference."],
  ["process-deposit TXN-1 --fource", "process-deposit: Unknown option '--fource'."],
  ["process-deposit TXN-1 --force=yes", "process-deposit: Option '--force' does not take an argument."],
  ["replay-webhook all", "all is not an id: write a whole number above zero."],
  ["replay-webhook 0", "0 is not an id: write a whole number above zero."],
  ["replay-webhook -1", "replay-webhook: Unknown option '-1'."],
  [
    "replay-webhook 9999999999999999999",
    "9999999999999999999 is not an id: write a whole number above zero.",
  ],
  ["keys revoke", "keys revoke needs a key's id."],
  ["keys revoke 1 2", "keys revoke takes no 2."],
  ["dead-letters close event 7", "dead-letters close event needs --note: why it is so."],
  ["dead-letters close job 7", "dead-letters takes no close."],
  ["dead-letters retry event 7 --note x", "dead-letters retry: Unknown option '--note'."],
  ["dead-letters bury", "dead-letters takes no bury."],
  ["dead-letters retry 7 8", "7 is none of job, event, operation, suspense."],
  ["dead-letters retry job", "dead-letters retry needs an id."],
  ["resolve TXN-1", "resolve needs what became of it: paid or refunded."],
  ["resolve TXN-1 lost --note x", "lost is none of paid, refunded."],
  ["resolve TXN-1 paid", "resolve needs --note: why it is so."],
  ["suspense", "There is no command suspense."],
  ["suspense give 7", "There is no command suspense give."],
  ["suspense assign 7 --note x", "suspense assign needs a deposit's reference."],
  ["suspense assign x TXN-1 --note x", "x is not an id: write a whole number above zero."],
  ["reconcile now", "reconcile takes no now."],
  ["reconcile --from yesterday", "yesterday is not a time: write 2026-11-22 or 2026-11-22T21:30Z."],
  ["reconcile --from 2026-13-41", "2026-13-41 is not a time: write 2026-11-22 or 2026-11-22T21:30Z."],
  ["reconcile --from 2026-11-22 --to 2026-11-22", "reconcile needs --from before --to."],
  ["payouts pause", "payouts takes no pause."],
  ["payouts stop a b", "payouts stop takes no b."],
  ["payouts status a", "payouts takes no a."],
  ["payouts stop --note", "payouts stop: Option '--note <value>' argument missing."],
  ["payouts stop --force", "payouts stop: Unknown option '--force'."],
  ["audit now", "audit takes no now."],
])("%s is refused", (line, sentence) => {
  expect(() => parse(line)).toThrow(new UsageError(sentence));
});

test("an empty word counts as a missing value", () => {
  expect(() => parseCommand(COMMANDS, ["token", " "])).toThrow(
    "token needs an e-mail address or a phone number.",
  );
  expect(() => parseCommand(COMMANDS, ["payouts", "stop", "--note", ""])).toThrow(
    "payouts stop needs --note",
  );
});

describe("the help", () => {
  test("fits one screen, a line a command", () => {
    const lines = helpOf(COMMANDS);
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(86);
    for (const [index, { name }] of COMMANDS.entries()) expect(lines[index]).toContain(`  ${name} `);
  });

  test("of one command shows what it takes", () => {
    const usages = COMMANDS.map(usageOf);
    expect(usages).toContain("process-deposit <reference> [--force]");
    expect(usages).toContain("keys [<e-mail-or-phone>]");
    expect(usages).toContain("resolve <reference> <paid|refunded> --note <why> [--by <who>]");
  });
});

test("a table's columns line up", () => {
  expect(formatTable(["", "held"], [["XOF", "5"]], "right")).toEqual(["     held", "XOF     5"]);
  expect(formatTable(["id", "name"], [["100", "a"]])).toEqual(["id   name", "100  a"]);
});
