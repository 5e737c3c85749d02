import { describe, expect, it } from "vitest";
import {
  inFunction,
  removeCall,
  removeCondition,
  removeMethod,
  removeProperty,
  replaceCall,
  replaceComparison,
  replaceInitialValue,
  replaceProperty,
  replaceReturn,
  replaceString,
  rethrow,
} from "./code-change";

const SOURCE = `
// é: a byte more than characters.
export async function pay(context: Context, order: Order): Promise<string> {
  await checkPin(context, order.pin);
  if (order.state === "paid") return "twice";
  for (const job of order.jobs) await enqueue(job);
  const row = await db.select().where(and(eq(t.id, order.id), eq(t.userId, order.userId))).for("update");
  const result = total(order);
  try {
    send(row, { issuer: me, audience, kind: "payout" });
  } catch (error) {
    log(error);
  }
  return result;
}
const isLive = and(isNull(t.revokedAt), isNull(t.frozenAt));
`;

function lineAfter(change: (source: string) => string, part: string): string | undefined {
  return change(SOURCE)
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line.includes(part));
}

describe("changes of code", () => {
  it("remove a call, an option, a condition or the end of a chain", () => {
    expect(inFunction("pay", removeCall("checkPin"))(SOURCE)).not.toContain("checkPin");
    expect(lineAfter(inFunction("pay", removeCall("enqueue")), "for (")).toBe(
      "for (const job of order.jobs) {}",
    );
    expect(lineAfter(inFunction("pay", removeMethod("for")), "where(")).toMatch(/userId\)\)\);$/);
    expect(lineAfter(inFunction("pay", removeCondition("userId")), "where(")).toContain(
      "where(and(eq(t.id, order.id)))",
    );
    expect(lineAfter(inFunction("isLive", removeCondition("revokedAt")), "isLive")).toBe(
      "const isLive = and(isNull(t.frozenAt));",
    );
    expect(lineAfter(inFunction("pay", removeProperty("issuer")), "send(")).toBe(
      'send(row, { audience, kind: "payout" });',
    );
    expect(lineAfter(inFunction("pay", removeProperty("audience")), "send(")).toBe(
      'send(row, { issuer: me, kind: "payout" });',
    );
  });

  it("replace a call, a value, a string, a comparison, a return or the body of a catch", () => {
    const total = replaceCall("total", ([order]) => `${order}.amount`);
    expect(lineAfter(inFunction("pay", total), "result =")).toBe("const result = order.amount;");
    const initial = replaceInitialValue("result", (value) => `-${value}`);
    expect(lineAfter(inFunction("pay", initial), "result =")).toBe("const result = -total(order);");
    const kind = replaceProperty("kind", () => "order");
    expect(lineAfter(inFunction("pay", kind), "send(")).toContain("kind: order }");
    const twice = replaceString("twice", "once", { inIf: true });
    expect(lineAfter(inFunction("pay", twice), "if (")).toContain('return "once"');
    const never = replaceComparison("paid", ({ left, right }) => `${left} !== ${right}`);
    expect(lineAfter(inFunction("pay", never), "if (")).toContain('order.state !== "paid"');
    expect(lineAfter(inFunction("pay", replaceReturn("result", "return order;")), "return order")).toBe(
      "return order;",
    );
    expect(lineAfter(inFunction("pay", rethrow()), "catch")).toBe("} catch (error) { throw error; }");
  });

  it("find their place however the code is formatted, and in a method", () => {
    const change = inFunction("run", removeCall("stop"));
    expect(change("class A {\n  async run() {\n    await   stop(\n      this,\n    );\n  }\n}")).toBe(
      "class A {\n  async run() {\n    {}\n  }\n}",
    );
  });

  it("refuse a place that isn't there or is there twice", () => {
    expect(() => inFunction("gone", removeCall("checkPin"))(SOURCE)).toThrow(
      "a function or variable gone: found 0 times",
    );
    expect(() => inFunction("pay", removeCall("gone"))(SOURCE)).toThrow("a statement gone(…): found 0 times");
    expect(() => inFunction("f", removeCall("g"))("function f() { g(); g(); }")).toThrow("found 2 times");
  });

  it("refuse names that the file doesn't have: every test would fail for them", () => {
    const change = inFunction("pay", replaceReturn("result", "return unknown;"));
    expect(() => change(SOURCE)).toThrow("the file has no unknown, which the mutation uses");
  });
});
