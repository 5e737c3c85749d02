import { describe, expect, it } from "vitest";
import { DomainError } from "@/lib/errors";
import { readJson } from "./read-json";

const read = (text: string) => readJson(new TextEncoder().encode(text));

describe("readJson", () => {
  it("keeps plain integers, and digits inside strings", () => {
    expect(read('{"amount":500000,"note":"5e5 and \\"1.0\\"","list":[-1,0]}')).toEqual({
      amount: 500000,
      note: '5e5 and "1.0"',
      list: [-1, 0],
    });
  });

  it.each(["5e5", "1.0", "0.1", "1E3", "12345678901234567890", "-1.5"])(
    "makes %s something that is neither a number nor a text",
    (number) => {
      const { amount } = read(`{"amount":${number}}`) as { amount: unknown };
      expect(typeof amount).toBe("object");
    },
  );

  it.each([
    '{"amount":1,"amount":300}',
    '{"amount" : 1,\n"\\u0061mount": 300}',
    '[{"a":{"b":1,"b":1}}]',
    '{"__proto__":1,"__proto__":2}',
  ])("refuses a name that stands twice: %s", (text) => {
    expect(() => read(text)).toThrow(new DomainError("malformed_body"));
  });

  it("takes the same name in different objects, and strings that look like names", () => {
    const value = [{ a: '"a":1' }, { a: { a: ":" } }];
    expect(read(JSON.stringify(value))).toEqual(value);
  });

  it.each(["", "{", "nul", '{"a":01}', "{'a':1}", "[1,]"])("refuses %j as malformed", (text) => {
    expect(() => read(text)).toThrow(new DomainError("malformed_body"));
  });

  it("refuses bytes that are not UTF-8", () => {
    expect(() => readJson(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(new DomainError("malformed_body"));
  });
});
