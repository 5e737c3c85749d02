import { z } from "zod";
import { revokeApiKey } from "@/lib/services/api-access/keys/revoke-api-key";
import { revokeApiKeySchema } from "@/lib/services/api-access/keys/schema";
import { defineCall } from "../define-call";

const message = "API key revoked successfully";

/** POST /api/keys/revoke: ends a key at once; one that was revoked already is answered the same. */
export const revokeKey = defineCall(
  {
    method: "POST",
    path: "/api/keys/revoke",
    tag: "API keys",
    summary: "Revoke an API key",
    access: "person",
    body: revokeApiKeySchema,
    bodyExample: { key_id: 1 },
    answer: {
      status: 200,
      description: "Revoked.",
      schema: z.object({ message: z.literal(message) }),
    },
    errors: ["not_found"],
  },
  async ({ context, body }) => {
    await revokeApiKey(context, { keyId: body.key_id });
    return { body: { message } };
  },
);
