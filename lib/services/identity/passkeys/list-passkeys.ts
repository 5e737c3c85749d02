import { type Context, requirePerson } from "@/lib/services/context";
import { listByUser } from "./store";

export interface PasskeyView {
  id: string;
  /** The browser and device that it was made with. */
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** The person's passkeys, the oldest first. Throws `unauthenticated`. */
export async function listPasskeys(context: Context): Promise<PasskeyView[]> {
  const rows = await listByUser(context.db, requirePerson(context));
  return rows.map(({ id, name, createdAt, lastUsedAt }) => ({
    id: id.toString(),
    name,
    createdAt,
    lastUsedAt,
  }));
}

/** True where a review page may offer a passkey beside the PIN. Throws `unauthenticated`. */
export async function hasPasskeys(context: Context): Promise<boolean> {
  return (await listByUser(context.db, requirePerson(context))).length > 0;
}
