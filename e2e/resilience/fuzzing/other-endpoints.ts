import { type Door, plainDraft } from "./api-endpoints";
import type { Fields } from "./draft";

const AUTH_READ = [
  "session",
  "csrf",
  "providers",
  "error?error=Configuration",
  "signin",
  "signout",
  "callback/google?code=a&state=b",
  "callback/x",
  "_log",
];

const AUTH_POSTED = [
  "callback/credentials",
  "signin/google",
  "signin/credentials",
  "signout",
  "session",
  "callback/google",
  "_log",
];

const FILES = ["/icon.svg", "/manifest.webmanifest", "SCRIPT", "/favicon.ico", "/robots.txt"];

const NEXTS_OWN = [
  "/_next/image?url=%2Ficon.svg&w=64&q=75",
  "/_next/image?url=http%3A%2F%2F127.0.0.1&w=1&q=1",
  "/_next/data/x/wallet.json",
  "/_next/static/chunks/x.js",
  "/_next/webpack-hmr",
  "/__nextjs_original-stack-frames",
  "/_next/static/../../package.json",
  "/_global-error",
  "/_not-found",
  "/404",
  "/500",
];

const NOWHERE = [
  "/nowhere",
  "/.env",
  "/wp-login.php",
  "/api/nowhere",
  "/webhook/nowhere",
  "/webhook",
  "/api",
  "/wallet/nowhere",
  "/en/fr",
  "/favicon.ico/x",
];

function door(name: string, lane: Door["lane"], targets: readonly string[], isPosted = false): Door {
  return {
    name,
    lane,
    draft: async (world, random) => {
      const fields: Fields = [
        ["csrfToken", random.hex(32)],
        ["email", "a@example.test"],
        ["password", "x"],
        ["callbackUrl", "/wallet"],
      ];
      return plainDraft({
        ...{ door: name, lane, method: isPosted ? "POST" : "GET" },
        target: random.pick(targets).replace("SCRIPT", world.script),
        headers: random.chance(0.5) ? [["Cookie", world.attacker(random).cookie]] : [],
        content: isPosted ? { kind: "form", fields } : { kind: "none" },
      });
    },
  };
}

/** next-auth's own addresses, files, and what isn't there. */
export function otherDoors(): Door[] {
  const auth = (paths: readonly string[]) => paths.map((path) => `/api/auth/${path}`);
  return [
    door("next-auth", "auth", auth(AUTH_READ)),
    door("next-auth, posted", "auth", auth(AUTH_POSTED), true),
    door("files", "file", FILES),
    door("Next's own", "nowhere", NEXTS_OWN),
    door("nowhere", "nowhere", NOWHERE),
  ];
}
