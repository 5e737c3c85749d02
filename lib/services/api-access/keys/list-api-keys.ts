import { type Context, requirePerson } from "@/lib/services/context";
import { KEYS_LISTED_MAX } from "./policy";
import { listKeysOfUser } from "./store";
import { type ApiKeyView, keyView } from "./view";

/** The person's keys, newest first, 200 at most; active ones are always among them. */
export async function listApiKeys(context: Context): Promise<ApiKeyView[]> {
  const rows = await listKeysOfUser(context.db, requirePerson(context), KEYS_LISTED_MAX);
  return rows.map(keyView);
}
