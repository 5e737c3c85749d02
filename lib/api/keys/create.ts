import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { createApiKeySchema } from "@/lib/services/api-access/keys/schema";
import { defineCall } from "../define-call";
import { newKeyAnswer, PIN_ERRORS, presentNewKey } from "./key-answer";

/** POST /api/keys/create: a key for a service; five active ones at most. */
export const createKey = defineCall(
  {
    method: "POST",
    path: "/api/keys/create",
    tag: "API keys",
    summary: "Create an API key",
    description: "The key is shown this once. `expiry`: 1H (hour), 1D (day), 1M (month), 1Y (year).",
    access: "person",
    body: createApiKeySchema,
    bodyExample: { name: "test-key", permissions: ["deposit", "transfer", "read"], expiry: "1M" },
    answer: { status: 200, description: "The key.", schema: newKeyAnswer },
    errors: ["key_limit_reached", "money_keys_limited", ...PIN_ERRORS],
  },
  async ({ context, body }) => ({ body: presentNewKey(await createApiKey(context, body)) }),
);
