import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const nextConfig: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  // Providers post to paths with and without the last slash; neither may be answered with a redirect.
  skipTrailingSlashRedirect: true,
  serverExternalPackages: ["postgres", "graphile-worker", "pino", "@node-rs/argon2", "rate-limiter-flexible"],
  // No page needs Next's image resizer, and /_next/image would let any caller fetch our own addresses.
  images: { unoptimized: true },
  // Build files don't pass through proxy.ts, which sets the headers of everything else.
  headers: async () => [
    { source: "/_next/static/:path*", headers: [{ key: "X-Content-Type-Options", value: "nosniff" }] },
  ],
  // `npm test` and `npm run typecheck` check the types of everything; a build would check them a second time.
  typescript: { ignoreBuildErrors: true },
  experimental: { agentUpgrade: false },
};

export default createNextIntlPlugin("./lib/i18n/request.ts")(nextConfig);
