"use client";

import { useEffect, useState } from "react";
import { Notice } from "@/lib/ui/notice";

interface CheckDrawProps {
  sheet: string;
  /** The first 12 digits of the sheet's SHA-256, as they were sent to all. */
  digits: string;
  randomness: string;
  /** The numbers of the shares as they take. */
  order: readonly number[];
  words: { right: string; wrong: string };
}

async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function isRight({ sheet, digits, randomness, order }: CheckDrawProps): Promise<boolean> {
  const seed = await sha256(`${sheet}|${randomness}`);
  const keyed = await Promise.all(
    order.map(async (_, index) => ({ share: index + 1, key: await sha256(`${seed}:${index + 1}`) })),
  );
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const isSheet = (await sha256(sheet)).startsWith(digits);
  return isSheet && keyed.every(({ share }, index) => share === order[index]);
}

/** Computes the draw again with the browser's own SHA-256 and says whether the order is the same; without JavaScript the recipe stays. */
export function CheckDraw(props: CheckDrawProps) {
  const [verdict, setVerdict] = useState<"right" | "wrong" | null>(null);
  useEffect(() => {
    // Browsers compute hashes on https and localhost only.
    if (!globalThis.crypto?.subtle) return;
    let isCurrent = true;
    isRight(props).then(
      (right) => isCurrent && setVerdict(right ? "right" : "wrong"),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [props]);
  if (verdict === null) return null;
  return (
    <Notice tone={verdict === "right" ? "good" : "bad"} live>
      {props.words[verdict]}
    </Notice>
  );
}
