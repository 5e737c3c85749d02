import type { Random } from "../random";
import { type Delivery, type Dialect, hmac } from "./dialects";

interface Genuine {
  dialect: Dialect;
  genuine: Delivery;
  /** A genuine callback of another provider. */
  foreign: Delivery;
}

const HUGE_BYTES = 257 * 1024;

/** Kinds of forged callbacks, each of which verification must refuse. */
const FORGERIES: Record<string, (from: Genuine, random: Random) => Delivery> = {
  "wrong secret": ({ dialect, genuine }, random) =>
    signedWith(dialect, genuine, { signature: hmac(algorithmOf(dialect), genuine.rawBody, random.hex(16)) }),
  "no signature": ({ genuine }) => ({ ...genuine, headers: new Headers() }),
  "another body's signature": ({ dialect, genuine }) =>
    signedWith(dialect, genuine, { rawBody: richer(genuine) }),
  "written again": ({ dialect, genuine }) => {
    // GetMiPay v1 may sign `data` alone: then other whitespace around it is valid.
    const text = dialect.capabilities.queriesCollections ? genuine.rawBody : richer(genuine);
    const rawBody = Buffer.from(JSON.stringify(JSON.parse(text.toString()), null, 1));
    return signedWith(dialect, genuine, { rawBody });
  },
  huge: ({ dialect, genuine }) => {
    const rawBody = Buffer.concat([genuine.rawBody, Buffer.alloc(HUGE_BYTES, " ")]);
    return signedWith(dialect, genuine, { rawBody, signature: hmac(algorithmOf(dialect), rawBody) });
  },
  "another provider's": ({ foreign }) => foreign,
  "cut short": ({ dialect, genuine }) =>
    signedWith(dialect, genuine, { signature: signatureOf(dialect, genuine).slice(0, 32) }),
};

export const GUESSED_ADDRESS = "guessed address";
export const FORGED_KINDS = Object.keys(FORGERIES);

/** A forged version of `genuine`. The kinds take turns by `turn`. */
export function forge(random: Random, turn: number, from: Genuine): { kind: string; delivery: Delivery } {
  const { dialect, genuine } = from;
  if (dialect.signature === null) {
    const calledAt = new URL(genuine.calledAt);
    calledAt.searchParams.set("proof", random.hex(32));
    return { kind: GUESSED_ADDRESS, delivery: { ...genuine, calledAt } };
  }
  const kind = FORGED_KINDS[turn % FORGED_KINDS.length] ?? "";
  return { kind, delivery: FORGERIES[kind]?.(from, random) ?? genuine };
}

function signedWith(
  dialect: Dialect,
  genuine: Delivery,
  { rawBody = genuine.rawBody, signature = signatureOf(dialect, genuine) },
): Delivery {
  return { ...genuine, rawBody, headers: new Headers({ [dialect.signature?.header ?? ""]: signature }) };
}

const algorithmOf = ({ signature }: Dialect) => signature?.algorithm ?? "sha256";
const signatureOf = ({ signature }: Dialect, { headers }: Delivery) =>
  headers.get(signature?.header ?? "") ?? "";
/** The body with larger amounts. */
const richer = ({ rawBody }: Delivery) =>
  Buffer.from(rawBody.toString().replace(/"amount":([0-9]+)/g, '"amount":9$1'));
