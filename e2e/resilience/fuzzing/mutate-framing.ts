import type { Framing } from "./draft";
import type { Spoil } from "./mutate-fields";

const METHODS = [
  "GET",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "CONNECT",
  "PROPFIND",
  "PURGE",
  "SEARCH",
  "get",
  "Post",
  "BREW",
  "M-SEARCH",
  "LINK",
  "GET\t",
];

const method: Spoil = (draft, random) => {
  draft.method = random.pick(METHODS);
};

export const METHOD_SPOILS: Readonly<Record<string, Spoil>> = { method };

function framed(framing: Framing): Spoil {
  return (draft) => {
    if (draft.content.kind === "none")
      draft.content = { kind: "bytes", bytes: Buffer.from("{}"), type: "application/json" };
    draft.framing = framing;
  };
}

export const FRAMING_SPOILS: Readonly<Record<string, Spoil>> = {
  chunked: framed("chunked"),
  "length too short": framed("length too short"),
  "length too long": framed("length too long"),
  "two lengths": framed("both"),
  "half-sent": framed("half"),
  slow: framed("slow"),
};
