import { beforeEach, expect, test, vi } from "vitest";
import { log } from "@/lib/log";
import { logConsole, type Speaker } from "./log-console";

vi.mock("@/lib/log", () => ({ log: { debug: vi.fn(), info: vi.fn(), warn: vi.fn() } }));

const silent = () => {};

function speaker(): Speaker {
  const one = { error: silent, warn: silent, info: silent, log: silent, debug: silent };
  logConsole(one);
  return one;
}

beforeEach(() => vi.clearAllMocks());

test("what a package prints is one line of the log, without colours", () => {
  speaker().log("\u001b[32m✓\u001b[39m Running\nnext.config.ts");
  expect(log.info).toHaveBeenCalledExactlyOnceWith(
    { text: "✓ Running\nnext.config.ts" },
    "a package wrote to the console",
  );
});

// Found by npm run resilience: requests, seed 1, case 0
test("an error is logged without its query and without the rows that PostgreSQL quotes", () => {
  const cause = Object.assign(new Error("Key (email)=(awa@example.test) already exists"), {
    name: "PostgresError",
    code: "23505",
  });
  speaker().error(" ⨯", new Error("Failed query: insert into users params: awa@example.test", { cause }));
  const [line] = vi.mocked(log.warn).mock.calls[0] ?? [];
  expect(line).toMatchObject({ text: "⨯", error: { name: "Error", causeCode: "23505" } });
  expect(JSON.stringify(line)).not.toMatch(/awa@|insert/);
});

// Found by npm run resilience: leaks, seed 2, case 0
test("a key that was sent as the name of an action isn't repeated", () => {
  const key = `sk_live_${"k".repeat(43)}`;
  speaker().warn(new Error(`Failed to find Server Action "${key}".`), `of ${key}`);
  expect(vi.mocked(log.warn).mock.calls[0]?.[0]).toMatchObject({
    text: "of …",
    error: { message: 'Failed to find Server Action "…".' },
  });
});

test("an empty message is not logged", () => {
  const one = speaker();
  one.warn();
  one.error({ some: "object" });
  expect(log.warn).not.toHaveBeenCalled();
});
