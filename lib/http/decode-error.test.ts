import { describe, expect, test } from "vitest";
import { isDecodeError } from "./decode-error";

function raisedAt(error: Error, ...places: string[]): Error {
  error.stack = [`${error.name}: ${error.message}`, ...places.map((place) => `    at f (${place})`)].join(
    "\n",
  );
  return error;
}

const NEXT = "/app/node_modules/next/dist/compiled/next-server/app-page-turbo.runtime.prod.js:2:1000";
const NODE = "node:internal/process/task_queues:95:5";

describe("errors of a body that can't be decoded", () => {
  test("are what Node says of a form that isn't one", async () => {
    const request = new Request("http://localhost", {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=x" },
      body: "--x\r\nbroken",
    });
    const error: unknown = await request.formData().catch((reason: unknown) => reason);
    expect(isDecodeError(error)).toBe(true);
  });

  test.each([
    "Unexpected end of form",
    "Malformed part header",
    "Multipart: Boundary not found",
    "Maximum array nesting exceeded. Large nested arrays can be dangerous. Try adding intermediate objects.",
    "Body exceeded 1 MB limit.",
    "Invariant: Missing `host` header from a forwarded Server Actions request.",
  ])("are recognised by the messages of Next's parsers: %s", (message) => {
    expect(isDecodeError(new Error(message))).toBe(true);
  });

  test("are built-in errors that Next's decoder raised without code of ours", () => {
    expect(isDecodeError(raisedAt(new SyntaxError("Unexpected token x in JSON"), NEXT, NODE))).toBe(true);
  });

  test("are those too whose frames are chunks of the build that hold Next's own modules", () => {
    const chunk = "/app/.next/server/chunks/ssr/node_modules_next_dist_0-amwqbrge23p._.js:1:11827";
    const error = raisedAt(new TypeError("CreateListFromArrayLike called on non-object"), NEXT, NODE, chunk);
    expect(isDecodeError(error)).toBe(true);
  });
});

describe("every other error is no mistake of the caller", () => {
  test.each([
    [
      "a TypeError in our own code",
      raisedAt(new TypeError("x is undefined"), "/app/.next/server/chunks/ssr/1.js:1:1", NEXT),
    ],
    [
      "an error of a driver",
      raisedAt(new TypeError("x is undefined"), "/app/node_modules/postgres/src/index.js:1:1", NEXT),
    ],
    [
      "a socket's error, which has no frame but Node's",
      raisedAt(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }), NODE),
    ],
    [
      "what React can't send to the browser",
      raisedAt(new Error("Only plain objects can be passed to Client Components."), NEXT),
    ],
    ["a bug of Next's", raisedAt(new Error("Invariant: Missing `host` header"), NEXT)],
    ["what isn't an error", "Unexpected end of form"],
  ])("%s", (_, error) => {
    expect(isDecodeError(error)).toBe(false);
  });
});
