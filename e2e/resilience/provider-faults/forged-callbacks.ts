import type { Random } from "../random";
import { type Delivery, type DialectName, hmac } from "./dialects";

/** How a callback is forged, each in a way that its dialect must see through. */
export const WAYS = [
  "wrong secret",
  "no signature",
  "another body's signature",
  "written again",
  "huge",
  "another provider's",
  "cut short",
] as const;

export interface Forgery {
  way: (typeof WAYS)[number] | "guessed address";
  delivery: Delivery;
}

const HUGE_BYTES = 257 * 1024;

/** Something that looks like `genuine` and isn't. `turn` says how it is forged, each way in its turn. */
export function forge(
  random: Random,
  turn: number,
  dialect: DialectName,
  { genuine, foreign }: { genuine: Delivery; foreign: Delivery },
): Forgery {
  if (dialect === "hinted") return { way: "guessed address", delivery: guessAddress(random, genuine) };
  const way = WAYS[turn % WAYS.length] ?? "no signature";
  return { way, delivery: forgeryOf(random, way, dialect, genuine, foreign) };
}

function forgeryOf(
  random: Random,
  way: Forgery["way"],
  dialect: DialectName,
  genuine: Delivery,
  foreign: Delivery,
): Delivery {
  const { rawBody, headers, calledAt } = genuine;
  const name = dialect === "signed" ? "x-signature" : "x-paystack-signature";
  const algorithm = dialect === "signed" ? "sha256" : "sha512";
  const proven = (body: Buffer, proof: string): Delivery => ({
    rawBody: body,
    headers: new Headers({ [name]: proof }),
    calledAt,
  });
  const richer = Buffer.from(rawBody.toString().replace(/"amount":([0-9]+)/g, '"amount":9$1'));
  switch (way) {
    case "wrong secret":
      return proven(rawBody, hmac(algorithm, rawBody, random.hex(16)));
    case "no signature":
      return { rawBody, headers: new Headers(), calledAt };
    case "another body's signature":
      return proven(richer, headers.get(name) ?? "");
    case "written again": {
      // v1 may sign `data` alone: then other spaces around it are no forgery.
      const text = (dialect === "signed" ? richer : rawBody).toString();
      return proven(Buffer.from(JSON.stringify(JSON.parse(text), null, 1)), headers.get(name) ?? "");
    }
    case "huge": {
      const body = Buffer.concat([rawBody, Buffer.alloc(HUGE_BYTES, " ")]);
      return proven(body, hmac(algorithm, body));
    }
    case "another provider's":
      return foreign;
    default:
      return proven(rawBody, (headers.get(name) ?? "").slice(0, 32));
  }
}

function guessAddress(random: Random, { rawBody, headers, calledAt }: Delivery): Delivery {
  const guessed = new URL(calledAt);
  guessed.searchParams.set("proof", random.hex(32));
  return { rawBody, headers, calledAt: guessed };
}
