import { expect, test } from "vitest";
import { setResponseStatus, withResponse } from "./response-status";

test("a page sets the status of its own answer, also after waiting and beside others", async () => {
  const first = { statusCode: 200 };
  const second = { statusCode: 200 };
  const page = (status: 404 | 500) => async () => {
    await Promise.resolve();
    return setResponseStatus(status);
  };
  const told = await Promise.all([withResponse(first, page(404)), withResponse(second, page(500))]);
  expect([told, first.statusCode, second.statusCode]).toEqual([[true, true], 404, 500]);
});

test("outside of our server a page is told that it can't", () => {
  expect(setResponseStatus(404)).toBe(false);
});
