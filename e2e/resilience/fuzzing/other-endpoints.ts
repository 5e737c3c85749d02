import { type Endpoint, plainDraft } from "./api-endpoints";
import type { Fields } from "./draft";
import type { World } from "./world";

const AUTH_GET =
  "session csrf providers error?error=Configuration signin signout callback/google?code=a&state=b callback/x _log";
const AUTH_POST =
  "callback/credentials signin/google signin/credentials signout session callback/google _log";

const FILES = ["/icon.svg", "/manifest.webmanifest", "SCRIPT", "/favicon.ico", "/robots.txt"];

const NEXT_PATHS = [
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

const MISSING_PATHS =
  "/nowhere /.env /wp-login.php /api/nowhere /webhook/nowhere /webhook /api /wallet/nowhere /en/fr /favicon.ico/x".split(
    " ",
  );

interface Group {
  name: string;
  kind: Endpoint["kind"];
  targets: readonly string[];
  isPosted?: boolean;
}

/** One endpoint for a group of paths: each draft is for one of them. */
function endpointOf(world: World, { name, kind, targets, isPosted = false }: Group): Endpoint {
  return {
    name,
    kind,
    draft: async (random) => {
      const fields: Fields = [
        ["csrfToken", random.hex(32)],
        ["email", "a@example.test"],
        ["password", "x"],
        ["callbackUrl", "/wallet"],
      ];
      return plainDraft({
        ...{ endpoint: name, kind, method: isPosted ? "POST" : "GET" },
        target: random.pick(targets).replace("SCRIPT", world.script),
        headers: random.chance(0.5) ? [["Cookie", world.attacker(random).cookie]] : [],
        content: isPosted ? { kind: "form", fields } : { kind: "none" },
      });
    },
  };
}

/** next-auth's own paths, files, and paths that don't exist. */
export function otherEndpoints(world: World): Endpoint[] {
  const auth = (paths: string) => paths.split(" ").map((path) => `/api/auth/${path}`);
  const groups: Group[] = [
    { name: "next-auth", kind: "auth", targets: auth(AUTH_GET) },
    { name: "next-auth, posted", kind: "auth", targets: auth(AUTH_POST), isPosted: true },
    { name: "files", kind: "file", targets: FILES },
    { name: "Next's own paths", kind: "missing", targets: NEXT_PATHS },
    { name: "missing paths", kind: "missing", targets: MISSING_PATHS },
  ];
  return groups.map((group) => endpointOf(world, group));
}
