import { describe, expect, test } from "vitest";
import { type Command, HELP, parseCommand } from "./parse-command";
import { UsageError } from "./parse-words";
import { formatTable } from "./table";

test.each<[string, Command]>([
  ["", { name: "help" }],
  ["help", { name: "help" }],
  ["token --help", { name: "help" }],
  ["-h", { name: "help" }],
  ["token awa@example.test", { name: "token", email: "awa@example.test" }],
  ["process-deposit TXN-1", { name: "process-deposit", reference: "TXN-1", force: false }],
  ["process-deposit --force TXN-1", { name: "process-deposit", reference: "TXN-1", force: true }],
  ["process-deposit TXN-1 --force", { name: "process-deposit", reference: "TXN-1", force: true }],
  ["replay-webhook 12", { name: "replay-webhook", eventId: 12n }],
  ["audit", { name: "audit", isFull: false }],
  ["audit --full", { name: "audit", isFull: true }],
  ["seal", { name: "seal" }],
  ["seals export", { name: "seals-export", out: null, withPostings: false }],
  [
    "seals export --with-postings --out a.jsonl",
    { name: "seals-export", out: "a.jsonl", withPostings: true },
  ],
  ["seals verify", { name: "seals-verify", against: null }],
  ["seals verify --against a.jsonl", { name: "seals-verify", against: "a.jsonl" }],
  ["balance 1234567890128", { name: "balance", walletNumber: "1234567890128" }],
  ["keys", { name: "keys", email: null }],
  ["keys awa@example.test", { name: "keys", email: "awa@example.test" }],
  ["keys revoke 7", { name: "revoke-key", keyId: 7n }],
  ["dead-letters", { name: "dead-letters" }],
  ["dead-letters retry event 7", { name: "retry-dead-letter", kind: "event", id: 7n }],
  [
    "resolve TXN-1 paid --note statement --by ada",
    { name: "resolve", reference: "TXN-1", verdict: "paid", note: "statement", operator: "ada" },
  ],
  [
    "suspense assign 7 TXN-1 --note hers",
    { name: "assign-suspense", entryId: 7n, reference: "TXN-1", note: "hers", operator: null },
  ],
  ["reconcile", { name: "reconcile", from: null, to: null }],
  [
    "reconcile --from 2026-11-21 --to 2026-11-22T21:30Z",
    { name: "reconcile", from: new Date("2026-11-21T00:00Z"), to: new Date("2026-11-22T21:30Z") },
  ],
  [
    "dead-letters close event 7 --note ours",
    { name: "close-event", eventId: 7n, note: "ours", operator: null },
  ],
  ["payouts", { name: "payouts-status" }],
  ["payouts status", { name: "payouts-status" }],
  ["payouts stop", { name: "payouts-stop", provider: null, note: null, operator: null }],
  [
    "payouts stop paystack --note float --by ada",
    { name: "payouts-stop", provider: "paystack", note: "float", operator: "ada" },
  ],
  ["payouts resume --by ada", { name: "payouts-resume", provider: null, note: null, operator: "ada" }],
])("%s is understood", (line, command) => {
  expect(parseCommand(line.split(" ").filter((word) => word !== ""))).toEqual(command);
});

test.each([
  ["pay", "There is no command pay."],
  ["token", "token needs an e-mail address."],
  ["token a b", "token doesn't know what to do with b."],
  ["token a --force", "token has no flag --force."],
  ["process-deposit", "process-deposit needs a reference."],
  ["process-deposit TXN-1 --fource", "process-deposit has no flag --fource."],
  ["replay-webhook all", "all is no id: a whole number above zero."],
  ["replay-webhook 0", "0 is no id: a whole number above zero."],
  ["replay-webhook -1", "replay-webhook has no flag -1."],
  ["replay-webhook 9999999999999999999", "9999999999999999999 is no id: a whole number above zero."],
  ["keys revoke", "keys revoke needs a key's id."],
  ["keys revoke 1 2", "keys revoke doesn't know what to do with 2."],
  ["dead-letters close event 7", "dead-letters close needs --note: why is it so?"],
  ["dead-letters close job 7", "dead-letters close closes events only: everything else has its own end."],
  ["dead-letters retry event 7 --note x", "dead-letters has no flag --note."],
  ["dead-letters bury", "dead-letters has no verb bury."],
  ["dead-letters retry 7", "dead-letters retry needs a kind: job, event, operation or suspense."],
  ["dead-letters retry job", "dead-letters retry needs an id."],
  ["resolve TXN-1", "resolve needs a reference and what became of it: paid or refunded."],
  ["resolve TXN-1 lost --note x", "resolve needs a reference and what became of it: paid or refunded."],
  ["resolve TXN-1 paid", "resolve needs --note: why is it so?"],
  ["suspense", "suspense needs its verb: assign <id> <reference>."],
  ["suspense assign 7 --note x", "suspense assign needs an id and a deposit's reference."],
  ["suspense assign x TXN-1 --note x", "x is no id: a whole number above zero."],
  ["reconcile now", "reconcile doesn't know what to do with now."],
  ["reconcile --from yesterday", "yesterday is no time: write 2026-11-22 or 2026-11-22T21:30Z."],
  ["reconcile --from 2026-13-41", "2026-13-41 is no time: write 2026-11-22 or 2026-11-22T21:30Z."],
  ["reconcile --from 2026-11-22 --to 2026-11-22", "reconcile needs --from before --to."],
  ["payouts pause", "payouts has no verb pause."],
  ["payouts stop a b", "payouts stop doesn't know what to do with b."],
  ["payouts status a", "payouts status doesn't know what to do with a."],
  ["payouts stop --note", "--note needs a value."],
  ["payouts stop --force", "payouts has no flag --force."],
  ["audit now", "audit doesn't know what to do with now."],
])("%s is refused", (line, sentence) => {
  expect(() => parseCommand(line.split(" "))).toThrow(new UsageError(sentence));
});

test("an empty word is no value", () => {
  expect(() => parseCommand(["token", " "])).toThrow("token needs an e-mail address.");
});

describe("the help", () => {
  test("fits one screen and names every command", () => {
    const lines = HELP.split("\n");
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(84);
    for (const name of [
      "token",
      "process-deposit",
      "replay-webhook",
      "audit",
      "balance",
      "keys",
      "revoke",
      "payouts",
    ]) {
      expect(HELP).toContain(name);
    }
  });
});

test("a table's columns line up", () => {
  expect(formatTable(["", "held"], [["XOF", "5"]], "right")).toEqual(["     held", "XOF     5"]);
  expect(formatTable(["id", "name"], [["100", "a"]])).toEqual(["id   name", "100  a"]);
});
