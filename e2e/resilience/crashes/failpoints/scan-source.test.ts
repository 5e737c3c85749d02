import { describe, expect, it } from "vitest";
import { scanSource } from "./scan-source";

describe("scanning a source", () => {
  it.each([
    '// call();\n/* call() */ const c = "call()";\n',
    "const sql = `select call() from users`;\n",
    'log("a \\"call()\\" in quotes");\n',
    "const r = /call()/;\n",
  ])("finds no code in comments, strings, templates and regular expressions: %s", (text) => {
    expect(scanSource(text)).not.toContain("call()");
    expect(scanSource(text)).toHaveLength(text.length);
  });

  it.each([
    'const u = "http://x"; call();',
    ["const t = `$", "{f({ a: `b` })} c`; call();"].join(""),
    "const r = /[\"'`/*]/; call();",
    "const p = <p>don't</p>;\ncall();",
    "const q = a / b; call(); const d = c / 2;",
  ])("finds the code after them: %s", (text) => {
    expect(scanSource(text).indexOf("call()")).toBe(text.indexOf("call()"));
  });

  it("finds the code inside a template's placeholder", () => {
    expect(scanSource(["const t = `call(x) $", "{call()}`;"].join(""))).toMatch(/^[^(]*\{call\(\)\}/);
  });
});
