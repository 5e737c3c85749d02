import type { Random } from "../random";
import { type Delivery, type DialectName, hmac } from "./dialects";

/** Kinds of forged callbacks, each of which verification must refuse. */
export const FORGED_KINDS = [
  "wrong secret",
  "no signature",
  "another body's signature",
  "written again",
  "huge",
  "another provider's",
  "cut short",
] as const;

export interface ForgedCallback {
  kind: (typeof FORGED_KINDS)[number] | "guessed address";
  delivery: Delivery;
}

const HUGE_BYTES = 257 * 1024;

/** A forged version of `genuine`. The kinds take turns by `turn`. */
export function forge(
  random: Random,
  turn: number,
  dialect: DialectName,
  { genuine, foreign }: { genuine: Delivery; foreign: Delivery },
): ForgedCallback {
  if (dialect === "unsigned") return { kind: "guessed address", delivery: guessAddress(random, genuine) };
  const kind = FORGED_KINDS[turn % FORGED_KINDS.length] ?? "no signature";
  return { kind, delivery: forgedDelivery(random, kind, dialect, genuine, foreign) };
}

function forgedDelivery(
  random: Random,
  kind: ForgedCallback["kind"],
  dialect: DialectName,
  genuine: Delivery,
  foreign: Delivery,
): Delivery {
  const { rawBody, headers, calledAt } = genuine;
  const name = dialect === "signed" ? "x-signature" : "x-paystack-signature";
  const algorithm = dialect === "signed" ? "sha256" : "sha512";
  const signedWith = (body: Buffer, signature: string): Delivery => ({
    rawBody: body,
    headers: new Headers({ [name]: signature }),
    calledAt,
  });
  const richer = Buffer.from(rawBody.toString().replace(/"amount":([0-9]+)/g, '"amount":9$1'));
  switch (kind) {
    case "wrong secret":
      return signedWith(rawBody, hmac(algorithm, rawBody, random.hex(16)));
    case "no signature":
      return { rawBody, headers: new Headers(), calledAt };
    case "another body's signature":
      return signedWith(richer, headers.get(name) ?? "");
    case "written again": {
      // GetMiPay v1 may sign `data` alone: then other whitespace around it is valid.
      const text = (dialect === "signed" ? richer : rawBody).toString();
      return signedWith(Buffer.from(JSON.stringify(JSON.parse(text), null, 1)), headers.get(name) ?? "");
    }
    case "huge": {
      const body = Buffer.concat([rawBody, Buffer.alloc(HUGE_BYTES, " ")]);
      return signedWith(body, hmac(algorithm, body));
    }
    case "another provider's":
      return foreign;
    default:
      return signedWith(rawBody, (headers.get(name) ?? "").slice(0, 32));
  }
}

function guessAddress(random: Random, { rawBody, headers, calledAt }: Delivery): Delivery {
  const guessed = new URL(calledAt);
  guessed.searchParams.set("proof", random.hex(32));
  return { rawBody, headers, calledAt: guessed };
}
