import { normaliseEmail } from "@/lib/email";
import { type Context, requireSystem } from "@/lib/services/context";
import { KEYS_LISTED_MAX } from "./policy";
import { listKeysOfAll } from "./store";
import { type ApiKeyView, keyView } from "./view";

/** A key with whose it is. */
export interface OwnedApiKeyView extends ApiKeyView {
  email: string | null;
  /** E.164; how the operator finds a person without an e-mail address. */
  phone: string | null;
}

/**
 * Everybody's keys, or those of one e-mail address, 200 at most: for the operator's command line. Active
 * ones come first, then the newest. Throws `unauthenticated`.
 */
export async function listAllApiKeys(
  context: Context,
  { email }: { email: string | null },
): Promise<OwnedApiKeyView[]> {
  requireSystem(context);
  const normal = email === null ? null : normaliseEmail(email);
  if (email !== null && normal === null) return [];
  const rows = await listKeysOfAll(context.db, normal, KEYS_LISTED_MAX);
  return rows.map((row) => ({ ...keyView(row), email: row.email, phone: row.phone }));
}
