import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { serve, stopServer } from "@/e2e/support/app-server";
import { findFreePorts } from "@/e2e/support/free-ports";
import { isOwnOrigin } from "@/lib/http/origin-guard";

const BASE_URL = "https://wallet.example";
const settings = { baseUrl: BASE_URL, isDemo: false };

const isInstalled = (command: string, argument: string) => {
  try {
    execFileSync(command, [argument], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
const hasOpenssl = isInstalled("openssl", "version");
const read = (name: string) =>
  fs.readFileSync(fileURLToPath(new URL(`./proxies/${name}`, import.meta.url)), "utf8");

afterEach(stopServer);

/** What Next asks besides: its own comparison, with the host of BASE_URL as `allowedOrigins` (next.config.ts). */
function isTakenByNext(headers: Headers): boolean {
  const origin = headers.get("origin");
  const host = headers.get("x-forwarded-host") ?? headers.get("host");
  return origin === null || [host, new URL(BASE_URL).host].includes(new URL(origin).host);
}

/** The application in a proxy's place: says whether a form is taken, by whom it was sent, and how long its body is. */
const startApp = () =>
  serve({
    isHttps: true,
    trustedProxies: 1,
    handle: async (request, response) => {
      const headers = new Headers(request.headers as Record<string, string>);
      let length = 0;
      for await (const chunk of request) length += chunk.length;
      const isTaken = isOwnOrigin(headers, settings) && isTakenByNext(headers);
      response.end(JSON.stringify({ isTaken, address: headers.get("x-cauris-address"), length }));
    },
  });

function directoryWithCertificate(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-proxy-"));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  // Run by root, nginx has workers of another account.
  fs.chmodSync(directory, 0o755);
  const files = ["-keyout", `${directory}/privkey.pem`, "-out", `${directory}/fullchain.pem`];
  const subject = ["-subj", "/CN=wallet.example", "-addext", "subjectAltName=DNS:wallet.example"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...files, ...subject],
    {
      stdio: "ignore",
    },
  );
  return directory;
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv): void {
  const child: ChildProcess = spawn(command, args, { stdio: "ignore", env });
  onTestFinished(() => void child.kill("SIGTERM"));
}

interface Answer {
  status: number | undefined;
  text: string;
}

/** A form post to `port` as a browser at BASE_URL sends it. */
function post(port: number, headers: Record<string, string>, body = "--x"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        port,
        host: "127.0.0.1",
        servername: "wallet.example",
        path: "/sign-in",
        method: "POST",
        rejectUnauthorized: false,
        headers: { host: "wallet.example", "content-type": "multipart/form-data; boundary=x", ...headers },
      },
      async (answer) => {
        let text = "";
        for await (const chunk of answer) text += chunk;
        resolve({ status: answer.statusCode, text });
      },
    );
    request.on("error", reject).end(body);
  });
}

async function whenListening(port: number): Promise<void> {
  await expect
    .poll(
      () =>
        post(port, { origin: BASE_URL }).then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
}

async function expectForms(port: number): Promise<void> {
  const ours = await post(port, { origin: BASE_URL, "x-forwarded-for": "203.0.113.9" });
  expect(JSON.parse(ours.text)).toEqual({ isTaken: true, address: "127.0.0.1", length: 3 });
  const withoutOrigin = await post(port, { referer: `${BASE_URL}/sign-in` });
  expect(JSON.parse(withoutOrigin.text).isTaken).toBe(true);
  for (const foreign of [{ origin: "https://evil.example" }, { origin: "null" }, {}] as const) {
    expect(JSON.parse((await post(port, foreign)).text).isTaken, JSON.stringify(foreign)).toBe(false);
  }
  const long = await post(port, { origin: BASE_URL }, "x".repeat(70_000));
  expect([long.status, long.text]).toEqual([413, expect.stringContaining("rien n’a été fait")]);
}

describe.skipIf(!hasOpenssl)(
  "a form behind the proxy of the documentation is taken, and one from elsewhere isn't",
  () => {
    test.skipIf(!isInstalled("nginx", "-v"))("nginx", async () => {
      const directory = directoryWithCertificate();
      const upstream = new URL(await startApp()).port;
      const port = await findFreePorts(2);
      const site = read("nginx.conf")
        .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
        .replace("listen 80", `listen 127.0.0.1:${port + 1}`)
        .replaceAll("/etc/ssl/wallet.example", directory)
        .replace("127.0.0.1:3000", `127.0.0.1:${upstream}`);
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((name) => `${name}_temp_path ${directory}/${name};`)
        .join("");
      const whole = `daemon off; pid ${directory}/pid; error_log ${directory}/error.log; events {} http { access_log off; ${temporary} ${site} }`;
      fs.writeFileSync(`${directory}/nginx.conf`, whole);
      run("nginx", ["-c", `${directory}/nginx.conf`], process.env);
      await whenListening(port);
      await expectForms(port);
    });

    test.skipIf(!isInstalled("caddy", "version"))("Caddy", async () => {
      const directory = directoryWithCertificate();
      const upstream = new URL(await startApp()).port;
      const port = await findFreePorts(1);
      const site = read("Caddyfile")
        .replace(
          "wallet.example {",
          `https://wallet.example:${port} {\n\ttls ${directory}/fullchain.pem ${directory}/privkey.pem`,
        )
        .replace("127.0.0.1:3000", `127.0.0.1:${upstream}`);
      fs.writeFileSync(
        `${directory}/Caddyfile`,
        `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`,
      );
      const env = { ...process.env, HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory };
      run("caddy", ["run", "--config", `${directory}/Caddyfile`], env);
      await whenListening(port);
      await expectForms(port);
    });
  },
);

describe("a form behind a proxy that says of itself", () => {
  // Host and X-Forwarded-* as the proxies send them by default.
  test.each<[string, Record<string, string>]>([
    ["nothing, and sends its upstream's name as Host (nginx)", { host: "127.0.0.1:3000" }],
    [
      "the public host and scheme (Caddy)",
      { host: "wallet.example", "x-forwarded-proto": "https", "x-forwarded-host": "wallet.example" },
    ],
    [
      "the public host beside its upstream's (Apache)",
      { host: "127.0.0.1:3000", "x-forwarded-host": "wallet.example", "x-forwarded-server": "proxy" },
    ],
    [
      "the host with its port, and ends TLS (a load balancer)",
      { host: "wallet.example:443", "x-forwarded-proto": "https", "x-forwarded-port": "443" },
    ],
  ])("%s: ours is taken, another site's isn't", (_name, proxied) => {
    const from = (origin: string) => new Headers({ ...proxied, origin });
    const isTaken = (headers: Headers) => isOwnOrigin(headers, settings) && isTakenByNext(headers);
    expect(isTaken(from(BASE_URL))).toBe(true);
    for (const foreign of ["https://evil.example", "http://wallet.example", `http://${proxied.host}`]) {
      expect(isTaken(from(foreign)), foreign).toBe(false);
    }
  });
});
