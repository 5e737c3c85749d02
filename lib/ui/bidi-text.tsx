import type { ReactNode } from "react";

const FIRST_STRONG_ISOLATE = "\u2068";
const POP_DIRECTIONAL_ISOLATE = "\u2069";
/** The first isolated name; its text is the group. */
const ISOLATED = /\u2068([^\u2069]*)\u2069(.*)/s;

/**
 * A name that people chose, to put into a sentence: written from right to left, it must not move the words around it
 * (Unicode UAX 9). Where the sentence is shown as HTML, {@link BidiText} turns the marks into `bdi` elements.
 */
export function isolate(name: string): string {
  return FIRST_STRONG_ISOLATE + name + POP_DIRECTIONAL_ISOLATE;
}

/** A sentence with names in {@link isolate}, each in a `bdi` element. */
export function BidiText({ text }: { text: string }): ReactNode {
  const [before = "", name, ...rest] = text.split(ISOLATED);
  if (name === undefined) return text;
  return (
    <>
      {before}
      <bdi>{name}</bdi>
      <BidiText text={rest.join("")} />
    </>
  );
}
