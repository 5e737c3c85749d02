import type { Bend, Headers } from "./bypass-variants";

const from = (name: string, headers: Headers): Bend => ({
  name,
  bend(asked) {
    const { origin: _own, ...rest } = asked.headers;
    return { ...asked, headers: { ...rest, ...headers } };
  },
});

/** An action that a page of somebody else sends with its reader's cookie. */
export const FOREIGN: readonly Bend[] = [
  from("from another site", { origin: "https://evil.example" }),
  from("from another site, said to be forwarded", {
    origin: "https://evil.example",
    "x-forwarded-host": "evil.example",
  }),
  from("from another site under its Host", { origin: "http://evil.example", host: "evil.example" }),
  from("from a sandboxed frame", { origin: "null" }),
  from("from another port", { origin: "http://localhost:1" }),
  from("from a name that begins like ours", { origin: "http://localhost.evil.example" }),
  from("without an origin", {}),
  from("without an origin, across sites", { "sec-fetch-site": "cross-site" }),
  from("without an origin, from the same site", { "sec-fetch-site": "same-site" }),
  from("without an origin, typed in", { "sec-fetch-site": "none" }),
  from("from another site that says it is the same", {
    origin: "https://evil.example",
    "sec-fetch-site": "same-origin",
  }),
];
