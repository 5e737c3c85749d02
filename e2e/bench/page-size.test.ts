import { randomBytes } from "node:crypto";
import http from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { readAnnouncement } from "./demo-deployment";
import { Visitor } from "./http-visit";
import { FIRST_VIEW_BYTES_MAX, findExcess, measurePage, type PageSize, signIn, totalOf } from "./page-size";

type Handler = (request: http.IncomingMessage, body: string) => Reply;

interface Reply {
  status?: number;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

let server: http.Server | undefined;

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function visit(handler: Handler): Promise<Visitor> {
  const started = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const reply = handler(request, Buffer.concat(chunks).toString("utf8"));
      response.writeHead(reply.status ?? 200, reply.headers).end(reply.body);
    });
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const address = started.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return new Visitor(new URL(`http://127.0.0.1:${port}`));
}

const HTML = { "content-type": "text/html; charset=utf-8" };

const files: Record<string, { body: Buffer; headers?: Record<string, string> }> = {
  "/a.css": { body: gzipSync(".x{background:url(/dot.png)}"), headers: { "content-encoding": "gzip" } },
  "/a.js": { body: brotliCompressSync("console.log(1)"), headers: { "content-encoding": "br" } },
  "/b.js": { body: Buffer.from("let b") },
  "/old.js": { body: Buffer.alloc(9_999) },
  "/dot.png": { body: randomBytes(101) },
  "/icon.svg": { body: Buffer.alloc(77) },
  "/font.woff2": { body: Buffer.alloc(1_000) },
};

const PAGE = `<!doctype html><html><head><!-- <script src="/never.js"></script> -->
<link rel="stylesheet" href="/a.css?v=1&amp;w=2" data-x="a>b"/><link rel="preload" as="script" href="/a.js"/>
<link rel="icon" href="/icon.svg"/><link rel="canonical" href="/elsewhere"/><link rel="alternate" href="/en"/>
<script src="/a.js" async=""></script><script src="/old.js" noModule=""></script>
<script>const text = '<script src="/never.js">' + '<img src="/never.png">'</script>
</head><body><img src="data:image/png;base64,AA=="/><img src="/dot.png"/><script type="module" src="/b.js"></script></body></html>`;

const site: Handler = ({ url = "" }) => {
  const path = url.split("?")[0] ?? "";
  if (path === "/") {
    return {
      headers: { ...HTML, "content-encoding": "br", link: '</font.woff2>; rel=preload; as="font"' },
      body: brotliCompressSync(PAGE),
    };
  }
  const file = files[path];
  return file ? { headers: file.headers ?? {}, body: file.body } : { status: 404 };
};

const bytesOf = (...names: string[]) => names.reduce((sum, name) => sum + (files[name]?.body.length ?? 0), 0);

describe("the size of a page", () => {
  test("counts the compressed bytes of each file once, without files that browsers don't load", async () => {
    const size = await measurePage(await visit(site), "/");
    expect(size).toEqual({
      path: "/",
      problem: null,
      html: brotliCompressSync(PAGE).length,
      css: bytesOf("/a.css"),
      js: bytesOf("/a.js", "/b.js"),
      other: bytesOf("/dot.png", "/icon.svg", "/font.woff2"),
    });
    expect(findExcess(size)).toBe("");
  });

  test("requests gzip and br", async () => {
    const encodings: unknown[] = [];
    const visitor = await visit((request) => {
      encodings.push(request.headers["accept-encoding"]);
      return { headers: HTML, body: "<p>" };
    });
    await measurePage(visitor, "/");
    expect(encodings).toEqual(["gzip, br"]);
  });

  test.each<[string, Reply, string]>([
    ["missing", { status: 404, headers: HTML }, "404"],
    ["of somebody who must sign in", { status: 307, headers: { location: "/sign-in" } }, "307 to /sign-in"],
    ["that is no page", { headers: { "content-type": "application/json" }, body: "{}" }, "200"],
    ["whose script is missing", { headers: HTML, body: '<script src="/gone.js"></script>' }, "/gone.js 404"],
  ])("fails for a page %s", async (_what, reply, problem) => {
    const visitor = await visit(({ url }) => (url === "/page" ? reply : { status: 404 }));
    const size = await measurePage(visitor, "/page");
    expect(size.problem).toBe(problem);
    expect(findExcess(size)).toBe(`no page (${problem})`);
  });

  test("fails one byte over either limit, and not at it", () => {
    const fit: PageSize = { path: "/", problem: null, html: 12_000, css: 8_000, js: 140_000, other: 10_000 };
    expect([totalOf(fit), findExcess(fit)]).toEqual([FIRST_VIEW_BYTES_MAX, ""]);
    expect(findExcess({ ...fit, js: fit.js + 1 })).toBe("first view over 170 kB");
    expect(findExcess({ ...fit, css: fit.css + 1, js: 0 })).toBe("HTML and CSS over 20 kB");
  });
});

const ACCOUNT = { email: "demo@cauris.test", password: 'karité "2026"' };

/** A sign-in page like the app's: the form's hidden fields carry the action, and another form stands before it. */
function signInPage(encoding: string): string {
  return `<form action="/language"><input name="locale" value="en"/></form>
    <form method="post" action="" enctype="${encoding}"><input type="hidden" name="$ACTION_1:0" value="{&quot;id&quot;:&quot;7&quot;}"/>
    <input name="identifier" type="text"/><input name="password" type="password"/>
    <input type="checkbox" name="remember" value="1"/><button type="button" name="show" value="1">Show</button>
    <button name="intent" value="sign-in">Go</button></form>`;
}

describe("signing in", () => {
  test.each(["multipart/form-data", ""])(
    "posts the form with its hidden fields and an origin (%s)",
    async (encoding) => {
      const posted: {
        fields: [string, unknown][];
        origin: string | undefined;
        cookie: string | undefined;
      }[] = [];
      const pending: Promise<void>[] = [];
      const visitor = await visit((request, body) => {
        if (request.url === "/wallet") {
          const isKnown = request.headers.cookie?.includes("session=secret") === true;
          return isKnown
            ? { headers: HTML, body: "<h1>" }
            : { status: 307, headers: { location: "/sign-in" } };
        }
        if (request.method === "GET") {
          return { headers: { ...HTML, "set-cookie": "csrf=1; Path=/" }, body: signInPage(encoding) };
        }
        const { origin, cookie } = request.headers;
        const headers = { "content-type": request.headers["content-type"] ?? "" };
        pending.push(
          new Response(body, { headers }).formData().then((data) => {
            posted.push({ fields: [...data], origin, cookie });
          }),
        );
        return {
          status: 303,
          headers: { location: "/wallet", "set-cookie": ["csrf=; Max-Age=0", "session=secret; HttpOnly"] },
        };
      });
      await signIn(visitor, ACCOUNT);
      await Promise.all(pending);
      expect(posted).toEqual([
        {
          fields: [
            ["$ACTION_1:0", '{"id":"7"}'],
            ["identifier", ACCOUNT.email],
            ["password", ACCOUNT.password],
            ["intent", "sign-in"],
          ],
          origin: visitor.base.origin,
          cookie: "csrf=1",
        },
      ]);
      expect((await measurePage(visitor, "/wallet")).problem).toBeNull();
    },
  );

  test("says so when the form is shown again", async () => {
    const visitor = await visit(() => ({ headers: HTML, body: signInPage("") }));
    await expect(signIn(visitor, ACCOUNT)).rejects.toThrow("didn't work (200)");
  });
});

test("the demo's address is read from npm start's output once its line is complete", () => {
  const lines = "✓ App  1.2 s\n\nCauris is running at http://localhost:31";
  expect(readAnnouncement(lines)).toBeNull();
  expect(readAnnouncement(`${lines}23\n  Sign in   …`)).toBe("http://localhost:3123");
});
