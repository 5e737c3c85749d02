import { type Context, requireSystem } from "@/lib/services/context";
import { findUserIdByIdentifier } from "@/lib/services/identity/users/find-user";
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
 * Everybody's keys, or those of one e-mail address or phone number, 200 at most: for the operator's command line. Active
 * ones come first, then the newest. Throws `unauthenticated`.
 */
export async function listAllApiKeys(
  context: Context,
  { identifier }: { identifier: string | null },
): Promise<OwnedApiKeyView[]> {
  requireSystem(context);
  const userId = identifier === null ? null : await findUserIdByIdentifier(context.db, identifier);
  if (identifier !== null && userId === null) return [];
  const rows = await listKeysOfAll(context.db, userId, KEYS_LISTED_MAX);
  return rows.map((row) => ({ ...keyView(row), email: row.email, phone: row.phone }));
}
