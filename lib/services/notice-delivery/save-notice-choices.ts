import { inTransaction } from "@/db/transaction";
import { type Context, requirePerson } from "../context";
import { availableChannels } from "../messages/available-channels";
import { isAlwaysOn } from "./choices";
import { CHOICE_FIELDS } from "./schema";
import { upsertChoices } from "./store";

/**
 * Keeps where a person hears what: `on` for a box that is checked, by the names of {@link CHOICE_FIELDS}. What can't be chosen,
 * and channels that the deployment doesn't have, stay as they were. Throws `unauthenticated`.
 */
export async function saveNoticeChoices(
  context: Context,
  boxes: Readonly<Partial<Record<string, string>>>,
): Promise<void> {
  const userId = requirePerson(context);
  const available = availableChannels();
  const rows = CHOICE_FIELDS.filter(
    ({ group, channel }) => available.includes(channel) && !isAlwaysOn(group, channel),
  ).map(({ group, channel, field }) => ({ userId, group, channel, isOn: boxes[field] === "on" }));
  await inTransaction(context.db, (tx) => upsertChoices(tx, rows));
}
