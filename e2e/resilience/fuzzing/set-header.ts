import type { Draft } from "./draft";

/** Says `name` once, whatever the draft said before. */
export function setHeader(draft: Draft, name: string, value: string): void {
  draft.headers = draft.headers.filter(([each]) => each.toLowerCase() !== name.toLowerCase());
  draft.headers.push([name, value]);
}
