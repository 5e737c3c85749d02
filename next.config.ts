import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

/** Where people reach us. A build knows no address; the server reads this file again at its start. */
const { BASE_URL } = process.env;

const nextConfig: NextConfig = {
  poweredByHeader: false,
  // lib/server/compress-answer.ts does, by brotli too.
  compress: false,
  reactStrictMode: true,
  agentRules: false,
  // Providers post to paths with and without the last slash; neither may be answered with a redirect.
  skipTrailingSlashRedirect: true,
  serverExternalPackages: [
    "postgres",
    "graphile-worker",
    "pino",
    "@node-rs/argon2",
    "rate-limiter-flexible",
    "pdfkit",
    "fontkit",
    "any-ascii",
  ],
  // No page needs Next's image resizer, and /_next/image would let any caller fetch our own addresses.
  images: { unoptimized: true },
  headers: async () => [
    // Build files don't pass through proxy.ts, which sets the headers of everything else.
    { source: "/_next/static/:path*", headers: [{ key: "X-Content-Type-Options", value: "nosniff" }] },
    {
      source: "/sw.js",
      headers: [
        // Browsers look for a new service worker at every visit: so they ask the network once an hour.
        { key: "Cache-Control", value: "public, max-age=3600" },
        // What the worker itself may load: the pages that people visit.
        { key: "Content-Security-Policy", value: "default-src 'none'; connect-src 'self'" },
      ],
    },
  ],
  // `npm test` and `npm run typecheck` check the types of everything; a build would check them a second time.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    agentUpgrade: false,
    serverActions: {
      // No form of ours is a tenth of it; lib/server/page-requests.ts says the same before Next decodes anything.
      bodySizeLimit: "64kb",
      // A proxy may send another Host than the address that people open: Next then compares Origin with this.
      allowedOrigins: BASE_URL && URL.canParse(BASE_URL) ? [new URL(BASE_URL).host] : [],
    },
  },
};

export default createNextIntlPlugin("./lib/i18n/request.ts")(nextConfig);
