"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { createApiKeyOnce } from "@/lib/services/api-access/keys/create-api-key";
import { revokeApiKey } from "@/lib/services/api-access/keys/revoke-api-key";
import { rolloverApiKey } from "@/lib/services/api-access/keys/rollover-api-key";
import {
  API_PERMISSIONS,
  createKeyFormSchema,
  renewKeyFormSchema,
  revokeKeyFormSchema,
} from "@/lib/services/api-access/keys/schema";
import { presentNewKey } from "./present-new-key";

/**
 * Fields: name, expiry, pin (for a key that sends or withdraws), key (idempotency), and `on` for each permission. Answers the
 * API key instead of redirecting: it is shown once, in the page that answers the form, and never in an address.
 */
export const createKey = defineAction(
  { name: "create-api-key", auth: "user", schema: createKeyFormSchema },
  async (context, { name, expiry, pin, key, ...checked }) => {
    const permissions = API_PERMISSIONS.filter((permission) => checked[permission] === "on");
    return await presentNewKey(await createApiKeyOnce(context, { name, permissions, expiry, pin, key }));
  },
);

/** Fields: keyId, expiry, pin. As {@link createKey}. */
export const renewKey = defineAction(
  { name: "renew-api-key", auth: "user", schema: renewKeyFormSchema },
  async (context, { keyId, expiry, pin }) =>
    await presentNewKey(await rolloverApiKey(context, { expiredKeyId: keyId, expiry, pin })),
);

/** Field: keyId. Redirects to the list. */
export const revokeKey = defineAction(
  { name: "revoke-api-key", auth: "user", schema: revokeKeyFormSchema },
  async (context, { keyId }) => {
    await revokeApiKey(context, { keyId });
    redirect(`${localizedPath(await getLocale(), "/wallet/keys")}?done=revoked`);
  },
);
