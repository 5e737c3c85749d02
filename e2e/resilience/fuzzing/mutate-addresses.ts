import type { Random } from "../random";
import type { Mutator } from "./mutate-fields";

const ESCAPES =
  "%|%2|%zz|%00|%0d%0aX: y|%E0%A4%A|%c0%ae%c0%ae|%ff|%2e%2e%2f|%5c|%252e|%F0%9F%92%B8|%ED%A0%80".split("|");

function splice(text: string, random: Random, piece: string): string {
  const at = random.int(1, text.length);
  return text.slice(0, at) + piece + text.slice(at);
}

const escaped: Mutator = (draft, random) => {
  draft.target = splice(draft.target, random, random.pick(ESCAPES));
};

const traversal: Mutator = (draft, random) => {
  draft.target = splice(
    draft.target,
    random,
    random.pick(["/../", "/..;/", "//", "/./", "/..%2f..%2f", "\\..\\", "/.env", "/.git/config", ";a=b"]),
  );
};

const longPath: Mutator = (draft, random) => {
  draft.target += random.pick([
    "/a".repeat(800),
    `/${"x".repeat(7_000)}`,
    `?${"a=1&".repeat(1_000)}`,
    `?q=${"%41".repeat(2_000)}`,
  ]);
};

const locale: Mutator = (draft, random) => {
  draft.target = `/${random.pick(["en", "fr", "EN", "xx", "en/en", "fr/en", "_next", "_next/data/x", "api", "%65n"])}${draft.target}`;
};

const query: Mutator = (draft, random) => {
  const queries =
    "_rsc=1 __nextLocale=xx nxtPlocale=en nxtPreference=x locale=en a[]=1&a[0]=2 =&=& next=//evil.example error=x&error=y __flight__=1 &&& amount=%00".split(
      " ",
    );
  draft.target += `${draft.target.includes("?") ? "&" : "?"}${random.pick(queries)}`;
};

const form: Mutator = (draft, random) => {
  draft.target = random.pick([
    `${draft.target}/`,
    `http://evil.example${draft.target}`,
    `https://x:y@z${draft.target}`,
    draft.target.toUpperCase(),
    `/${draft.target}`,
    "*",
    draft.target.replaceAll("/", "//"),
    `${draft.target}#x`,
  ]);
};

export const ADDRESS_MUTATORS: Readonly<Record<string, Mutator>> = {
  escape: escaped,
  traversal,
  "long path": longPath,
  locale,
  query,
  "form of address": form,
};
