"use client";

import { useSyncExternalStore } from "react";
import { Button } from "./button";

const never = () => () => {};

/** Opens the browser's print dialogue; without JavaScript its menu does. */
export function PrintButton({ label }: { label: string }) {
  const hasScript = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return hasScript ? (
    <Button type="button" variant="secondary" wide onClick={() => window.print()}>
      {label}
    </Button>
  ) : null;
}
