import type { ReactNode } from "react";
import { BidiText } from "@/lib/ui/bidi-text";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import type { ReceiptLine } from "./receipt-lines";

/** The lines of a receipt on a page. */
export function DetailRows({ lines }: { lines: readonly ReceiptLine[] }) {
  return (
    <ReceiptRows
      rows={lines.map((line) => ({ label: line.label, value: shown(line), strong: line.strong ?? false }))}
    />
  );
}

function shown({ value, href }: ReceiptLine): ReactNode {
  const [first = "", ...numbers] = value.split("\n");
  const text = <BidiText text={first} />;
  return (
    <>
      {href ? (
        <a href={href} className="underline underline-offset-4">
          {text}
        </a>
      ) : (
        text
      )}
      {numbers.map((number) => (
        <span key={number}>
          <br />
          <span className="inline-block wrap-anywhere">{number}</span>
        </span>
      ))}
    </>
  );
}
