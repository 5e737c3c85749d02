import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { bytesOf, type Draft, setHeader } from "./draft";
import type { Mutator } from "./mutate-fields";

const HUGE_BYTES = [70_000, 300_000, 1_200_000, 3_000_000];
const BOMB_BYTES = 2_000_000;

function setBytes(draft: Draft, change: (bytes: Buffer) => Buffer): void {
  const { bytes, type } = bytesOf(draft.content);
  draft.content = { kind: "bytes", bytes: change(bytes), type: type === "" ? "application/json" : type };
}

const flipped: Mutator = (draft, random) =>
  setBytes(draft, (bytes) => {
    const copy = Buffer.from(bytes);
    for (let turn = random.int(1, 8); turn > 0 && copy.length > 0; turn -= 1) {
      copy[random.int(0, copy.length - 1)] = random.int(0, 255);
    }
    return copy;
  });

const cut: Mutator = (draft, random) =>
  setBytes(draft, (bytes) => bytes.subarray(0, random.int(0, bytes.length)));

const huge: Mutator = (draft, random) =>
  setBytes(draft, (bytes) =>
    Buffer.concat([bytes, Buffer.alloc(random.pick(HUGE_BYTES), random.pick([" ", "a", "\u0000"]))]),
  );

const encoded: Mutator = (draft, random) => {
  const name = random.pick(["gzip", "deflate", "br", "identity", "nonsense", "gzip, gzip"]);
  const bomb = random.chance(0.3) ? Buffer.alloc(BOMB_BYTES) : null;
  setBytes(draft, (bytes) => {
    const plain = bomb ?? bytes;
    if (name === "deflate") return deflateSync(plain);
    return name === "br" ? brotliCompressSync(plain) : gzipSync(plain);
  });
  setHeader(draft, "Content-Encoding", name);
};

const TYPES = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "multipart/form-data; boundary=",
  'multipart/form-data; boundary="; x',
  "multipart/mixed; boundary=x",
  "application/json; charset=utf-16",
  "application/json; charset=ISO-8859-1",
  "application/xml",
  "application/octet-stream",
  "text/plain;charset=UTF-8",
  "",
  ";",
  "a".repeat(3_000),
];

const contentType: Mutator = (draft, random) => setHeader(draft, "Content-Type", random.pick(TYPES));

/** A body of another kind. */
const otherBody: Mutator = (draft, random) => {
  const bodies = [
    "",
    "{",
    "[]",
    "null",
    "0",
    '"x"',
    "a=1&amount=2",
    "<a/>",
    "\ufeff{}",
    "{}{}",
    "\u0000",
    "[1,2",
    "NaN",
  ];
  const bytes = Buffer.from(random.pick(bodies), random.chance(0.2) ? "utf16le" : "utf8");
  draft.content = { kind: "bytes", bytes, type: random.pick(["application/json", ...TYPES.slice(0, 3)]) };
};

export const BODY_MUTATORS: Readonly<Record<string, Mutator>> = {
  flipped,
  cut,
  huge,
  encoded,
  "content type": contentType,
  "other body": otherBody,
};
