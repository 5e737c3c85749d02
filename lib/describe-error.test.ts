import { describe, expect, it } from "vitest";
import { describeError } from "./describe-error";

describe("the description of an unexpected error", () => {
  it("names a broken constraint without the row that broke it", () => {
    const cause = Object.assign(new Error("Key (email)=(awa@example.test) already exists."), {
      name: "PostgresError",
      code: "23505",
      constraint_name: "users_email_key",
    });
    // As drizzle wraps it: the statement and its values in the message.
    const text = "Failed query: insert into users values ($1)\nparams: awa@example.test";
    const error = Object.assign(new Error(text, { cause }), { query: text, params: ["awa@example.test"] });
    error.name = "DrizzleQueryError";
    const description = describeError(error);
    expect(description).toMatchObject({ causeCode: "23505", constraint: "users_email_key" });
    expect(JSON.stringify(description)).not.toContain("awa@example.test");
    expect(JSON.stringify(describeError(cause))).not.toContain("awa@example.test");
  });

  it("keeps our own words and where it happened", () => {
    const description = describeError(new TypeError("a wallet for every user"));
    expect(description).toMatchObject({ name: "TypeError", message: "a wallet for every user" });
    expect(description.frames[0]).toMatch(/^at /);
  });

  it("accepts values that aren't errors", () => {
    expect(describeError("text")).toEqual({ name: "string", frames: [] });
    expect(describeError(null)).toEqual({ name: "object", frames: [] });
  });
});
