import { rolloverApiKey } from "@/lib/services/api-access/keys/rollover-api-key";
import { rolloverApiKeySchema } from "@/lib/services/api-access/keys/schema";
import { defineCall } from "../define-call";
import { newKeyAnswer, PIN_ERRORS, presentNewKey } from "./key-answer";

/** POST /api/keys/rollover: the one successor of an expired key, with its name and permissions. */
export const rolloverKey = defineCall(
  {
    method: "POST",
    path: "/api/keys/rollover",
    tag: "API keys",
    summary: "Roll over an expired API key",
    access: "person",
    body: rolloverApiKeySchema,
    bodyExample: { expired_key_id: "123", expiry: "1M" },
    answer: { status: 200, description: "The new key.", schema: newKeyAnswer },
    errors: [
      "not_found",
      "key_revoked",
      "key_not_expired",
      "key_replaced",
      "key_limit_reached",
      "money_keys_limited",
      ...PIN_ERRORS,
    ],
  },
  async ({ context, body }) => {
    const { expired_key_id: expiredKeyId, expiry, pin } = body;
    return { body: presentNewKey(await rolloverApiKey(context, { expiredKeyId, expiry, pin })) };
  },
);
