import { invariant } from "@/lib/invariant";
import type { ApiCall } from "../define-call";
import { ACCESS_TOKEN, API_KEY, callOperation } from "./call-operation";
import type { OpenApiDocument, Operation } from "./document-shape";
import { ERROR_SCHEMA } from "./error-answers";
import type { JsonSchema } from "./json-schema";
import { PLAIN_OPERATIONS } from "./plain-operations";

const DESCRIPTION = `**Amounts.** In: integer minor units (kobo for NGN, francs for XOF). Out: \`amount\` in major units, and beside it \`amount_minor\` with \`currency\`, which new clients should read. Without \`currency\` the API means NGN.

**Credentials.** A person's access token in \`Authorization: Bearer …\`, or an API key in \`x-api-key\`. Access tokens last 30 minutes unless configured otherwise.

**Errors** are \`{ detail, code, request_id }\`, with \`fields\` for invalid ones. Decide by \`code\`. A 401 says whether the access token or the API key was refused. Another method than the documented one is a 405.

**Retries.** Send an \`Idempotency-Key\` with everything that moves money; then any request may be sent again. A 429 or 503 says in \`Retry-After\` how many seconds to wait.

Every address answers with and without one slash at its end, and in no other spelling (\`//\`, \`/./\`, \`%2e\`). Query parameters that a call doesn't have are refused. Bodies are JSON in UTF-8 (\`Content-Type: application/json\`), not compressed.

**Limits** a minute, unless configured: 600 calls with one key, 1,200 of one account and from one address, 6,000 transfers of one account, each of a list counted.`;

const TAG_DESCRIPTIONS: Record<string, string> = {
  Authentication: "Sign-in with Google for API clients, tokens, and who one is.",
  "API keys": "Keys for services. Only a person makes and ends them; keys can't manage keys.",
  Tontines: "Groups of the person that save in turns: what they owe, have paid and receive.",
  Wallet: "Deposits, transfers, withdrawals, balances and history.",
  Webhooks: "Called by payment providers and SMS gateways, not by clients.",
  Health: "For whoever runs this.",
  Documentation: "This document and its page.",
};

/** The OpenAPI document of `calls` and of what is answered beside them. `baseUrl` is without a slash at the end. */
export function openApiDocument(calls: readonly ApiCall[], baseUrl: string): OpenApiDocument {
  const paths: OpenApiDocument["paths"] = {};
  const schemas: Record<string, JsonSchema> = { Error: ERROR_SCHEMA };
  const tags = new Set<string>();
  const add = (method: "GET" | "POST", path: string, operation: Operation) => {
    const verb = method === "GET" ? "get" : "post";
    invariant(paths[path]?.[verb] === undefined, `${method} ${path} is documented once`);
    paths[path] = { ...paths[path], [verb]: operation };
    for (const tag of operation.tags) tags.add(tag);
  };
  for (const call of calls) {
    const { operation, schemas: named } = callOperation(call);
    add(call.method, call.path, operation);
    Object.assign(schemas, named);
  }
  for (const { method, path, operation } of PLAIN_OPERATIONS) add(method, path, operation);
  return {
    openapi: "3.1.0",
    info: {
      title: "Cauris API",
      version: "1.0.0",
      summary: "Wallets, deposits, transfers and withdrawals in NGN and XOF.",
      description: DESCRIPTION,
      contact: { name: "Whoever runs this deployment", url: baseUrl },
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: baseUrl }],
    tags: [...tags].map((name) => ({ name, description: TAG_DESCRIPTIONS[name] ?? "" })),
    paths,
    components: { schemas, securitySchemes: SECURITY_SCHEMES },
  };
}

const SECURITY_SCHEMES = {
  [ACCESS_TOKEN]: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description:
      "A person's access token, from `GET /api/auth/google/callback` or `POST /api/auth/refresh`. On your own machine: `npm run cauris -- token <email>`.",
  },
  [API_KEY]: {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    description:
      "A service's key, from `POST /api/keys/create`. Each call names the permission that it needs.",
  },
};
