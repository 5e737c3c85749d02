"use client";

import { useEffect } from "react";
import { forgetOtherCopies } from "./old-copies";

interface OldCopiesProps {
  /** Stands for the session whose copies this browser may have. */
  marker: string;
  /** When this page was made, if a copy of it is to be kept. */
  madeAt: string | null;
}

/** Deletes copies of pages that another session left in this browser, and keeps one of this page. */
export function OldCopies({ marker, madeAt }: OldCopiesProps) {
  useEffect(() => {
    // Browsers have neither without https.
    if (!("caches" in window && "serviceWorker" in navigator)) return;
    // One after the other: a copy that is still being kept must not outlive its session.
    done = done.then(() => update(marker, madeAt)).catch(() => {});
  }, [marker, madeAt]);
  return null;
}

let done = Promise.resolve();

async function update(marker: string, madeAt: string | null): Promise<void> {
  await forgetOtherCopies(marker);
  if (madeAt === null) return;
  const { keepCopy } = await import("./keep-copy");
  await keepCopy(marker);
}
