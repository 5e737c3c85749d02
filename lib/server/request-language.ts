import type { IncomingMessage } from "node:http";

/** The language of a request that no page answers: of its address, else the one chosen last, else the browser's first of ours. */
export function languageOf({ url = "", headers }: Pick<IncomingMessage, "url" | "headers">): "fr" | "en" {
  const named = /^\/(fr|en)(?:[/?]|$)/.exec(url)?.[1];
  const chosen = /(?:^|;\s*)locale=(fr|en)(?:;|$)/.exec(headers.cookie ?? "")?.[1];
  const wished = /\b(fr|en)\b/.exec(headers["accept-language"] ?? "")?.[1];
  return (named ?? chosen ?? wished) === "en" ? "en" : "fr";
}
