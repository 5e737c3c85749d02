import type { Framing } from "./draft";
import type { Mutator } from "./mutate-fields";

const METHODS =
  "GET POST PUT PATCH DELETE HEAD OPTIONS TRACE CONNECT PROPFIND PURGE SEARCH get Post BREW M-SEARCH LINK GET\t".split(
    " ",
  );

const method: Mutator = (draft, random) => {
  draft.method = random.pick(METHODS);
};

export const METHOD_MUTATORS: Readonly<Record<string, Mutator>> = { method };

function framed(framing: Framing): Mutator {
  return (draft) => {
    if (draft.content.kind === "none")
      draft.content = { kind: "bytes", bytes: Buffer.from("{}"), type: "application/json" };
    draft.framing = framing;
  };
}

export const FRAMING_MUTATORS: Readonly<Record<string, Mutator>> = {
  chunked: framed("chunked"),
  "length too short": framed("length too short"),
  "length too long": framed("length too long"),
  "two lengths": framed("both"),
  "half-sent": framed("half"),
  slow: framed("slow"),
};
