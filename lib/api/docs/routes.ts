import { DomainError } from "@/lib/errors";
import { defineRoute } from "@/lib/http/define-route";
import { invariant } from "@/lib/invariant";
import type { ApiCall, ApiRoute } from "../define-call";
import { findAsset } from "./assets";
import { type CachedFile, cacheFile, sendFile } from "./cached-file";
import { openApiDocument } from "./document";
import { docsPage, PAGE_POLICY } from "./page";

const FILES = "/api/docs/";
/** Cached, and revalidated at each use. */
const ASK = { "cache-control": "no-cache" };
/** For an address that names the content's version. */
const FOR_EVER = { "cache-control": "public, max-age=31536000, immutable" };

/** The OpenAPI document, the page that shows it, and that page's files. Each is made at its first use, once. */
export function docsRoutes(calls: readonly ApiCall[], baseUrl: string): ApiRoute[] {
  const whole = () => openApiDocument(calls, baseUrl);
  const document = once(() => cacheFile(JSON.stringify(whole()), "application/json"));
  const page = once(async () => cacheFile(docsPage(whole(), await pageFiles()), "text/html; charset=utf-8"));
  return [
    {
      method: "GET",
      path: "/api/openapi.json",
      handler: defineRoute({ name: "openapi.json" }, async ({ request }) =>
        sendFile(request, await document(), ASK),
      ),
    },
    {
      method: "GET",
      path: "/api/docs",
      handler: defineRoute({ name: "docs" }, async ({ request }) =>
        sendFile(request, await page(), { ...ASK, "content-security-policy": PAGE_POLICY }),
      ),
    },
    { method: "GET", path: `${FILES}{file}`, handler: defineRoute({ name: "docs file" }, sendAsset) },
  ];
}

async function sendAsset({ request }: { request: Request }): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const asset = await findAsset(pathname.slice(FILES.length).replace(/\/$/, ""));
  if (!asset) throw new DomainError("not_found");
  return sendFile(request, asset, searchParams.get("v") === asset.hash ? FOR_EVER : ASK);
}

async function pageFiles() {
  const address = async (name: string) => {
    const asset = await findAsset(name);
    invariant(asset, "the page's files are on the list");
    return `${FILES}${name}?v=${asset.hash}`;
  };
  const [script, style] = await Promise.all([address("start.js"), address("page.css")]);
  return { script, style };
}

function once(make: () => Promise<CachedFile>): () => Promise<CachedFile> {
  let made: Promise<CachedFile> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
