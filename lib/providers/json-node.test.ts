import { expect, it } from "vitest";
import { mentionsOf, parseJsonNode } from "./json-node";

function mentionsIn(value: unknown): string[] {
  const node = parseJsonNode(JSON.stringify(value));
  return node === null ? [] : mentionsOf(node);
}

it.each([
  ["TXN-23456789ABCD", "TXN-23456789ABCD"],
  ["a transfer's", "txn-23456789abcd-payout"],
])("a reference of ours (%s) isn't pushed out of the mentions by other words before it", (_, reference) => {
  const others = Array.from({ length: 100 }, (__, index) => `word-${index}`);
  const mentions = mentionsIn({ tags: others, last: { order: reference } });
  expect(mentions[0]).toBe(reference);
  expect(mentions).toHaveLength(32);
});
