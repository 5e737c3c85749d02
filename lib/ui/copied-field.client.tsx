"use client";

import { useRef, useState, useSyncExternalStore } from "react";
import { Button } from "./button";
import { FieldFrame } from "./field-frame";

interface CopiedFieldProps {
  id: string;
  label: string;
  text: string;
  words: { copy: string; copied: string };
}

const never = () => () => {};

/** A read-only text with a copy button where the browser has a clipboard. */
export function CopiedField({ id, label, text, words }: CopiedFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [isCopied, setCopied] = useState(false);
  // Browsers have a clipboard only on https and localhost; without JavaScript there is no button.
  const canCopy = useSyncExternalStore(
    never,
    () => navigator.clipboard !== undefined,
    () => false,
  );
  async function copy() {
    field.current?.select();
    await navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  }
  return (
    <>
      <FieldFrame id={id} label={label}>
        <textarea
          ref={field}
          id={id}
          readOnly
          rows={2}
          value={text}
          spellCheck={false}
          onFocus={(event) => event.target.select()}
          className="block w-full resize-none rounded-field border border-edge bg-card px-3.5 py-2.5 font-mono text-base break-all"
        />
      </FieldFrame>
      {canCopy && (
        <Button type="button" wide onClick={copy} className="-mt-2 mb-5">
          {isCopied ? words.copied : words.copy}
        </Button>
      )}
      <p role="status" className="sr-only">
        {isCopied ? words.copied : ""}
      </p>
    </>
  );
}
