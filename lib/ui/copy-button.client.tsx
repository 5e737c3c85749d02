"use client";

import { useState, useSyncExternalStore } from "react";
import { Button } from "./button";
import { Icon } from "./icons";

interface CopyButtonProps {
  text: string;
  words: { copy: string; copied: string };
}

const never = () => () => {};

/** Copies a text; browsers have a clipboard only on https and localhost, and without JavaScript there is no button. */
export function CopyButton({ text, words }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  const canCopy = useSyncExternalStore(
    never,
    () => navigator.clipboard !== undefined,
    () => false,
  );
  if (!canCopy) return null;
  async function copy() {
    await navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  }
  return (
    <>
      <Button type="button" variant="secondary" wide onClick={copy}>
        {isCopied && <Icon name="check" className="size-4" />}
        {isCopied ? words.copied : words.copy}
      </Button>
      <span role="status" className="sr-only">
        {isCopied ? words.copied : ""}
      </span>
    </>
  );
}
