import { createHash } from "node:crypto";

type Field = string | null | readonly Field[];

/** What a key stands for: the verb's name, and its input in an order that the verb fixes. */
export interface KeyedInput {
  verb: string;
  fields: readonly Field[];
}

/** SHA-256 of the JSON array `[verb, ...fields]`, the only format of `idempotency_keys.input_hash`. */
export function hashOfInput({ verb, fields }: KeyedInput): Buffer {
  return createHash("sha256")
    .update(JSON.stringify([verb, ...fields]))
    .digest();
}
