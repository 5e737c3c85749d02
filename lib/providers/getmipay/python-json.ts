import type { JsonNode } from "../json-node";

function escaped(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** By code points, as Python compares; JavaScript's own order is by UTF-16 units. */
function byCodePoint(one: string, other: string): number {
  const [left, right] = [[...one], [...other]];
  for (const [index, character] of left.entries()) {
    const against = right[index];
    if (against === undefined) return 1;
    const difference = (character.codePointAt(0) ?? 0) - (against.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/**
 * As Python's `json.dumps(value, sort_keys=sortKeys)` writes it: `", "`, `": "`, ASCII only. Numbers keep the digits that
 * they came with, which are the sender's own: `5000.0` stays `5000.0`.
 */
export function pythonJson(node: JsonNode, sortKeys: boolean): string {
  switch (node.kind) {
    case "array":
      return `[${node.items.map((item) => pythonJson(item, sortKeys)).join(", ")}]`;
    case "object": {
      const keys = [...node.members.keys()];
      if (sortKeys) keys.sort(byCodePoint);
      const members = keys.flatMap((key) => {
        const member = node.members.get(key);
        return member ? [`${escaped(key)}: ${pythonJson(member, sortKeys)}`] : [];
      });
      return `{${members.join(", ")}}`;
    }
    case "string":
      return escaped(node.value);
    default:
      return node.text;
  }
}
