import { timingSafeEqual } from "node:crypto";
import { generateSecret, generateSync, generateURI } from "otplib";
import { STEP_SECONDS, STEPS_TOLERATED } from "./policy";

/** 160 random bits in base32. */
export function newSecret(): string {
  return generateSecret();
}

/** What an authenticator app reads from a QR code. */
export function secretUri(secret: string, account: string): string {
  return generateURI({ issuer: "Cauris", label: account, secret });
}

/** Which step of 30 seconds since 1970 a code of six digits belongs to; null for none near `now`. */
export function stepOfCode(secret: string, code: string, now: Date): number | null {
  const current = Math.floor(now.getTime() / 1_000 / STEP_SECONDS);
  let found: number | null = null;
  for (let step = current - STEPS_TOLERATED; step <= current + STEPS_TOLERATED; step += 1) {
    const right = generateSync({ secret, epoch: step * STEP_SECONDS });
    const isSame = code.length === right.length && timingSafeEqual(Buffer.from(code), Buffer.from(right));
    if (isSame) found = step;
  }
  return found;
}
