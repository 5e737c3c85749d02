import type { Reader } from "@/db/client";
import { listNoticeAddresses, type NoticeAddresses } from "../identity/contacts/find-notice-addresses";
import { type Choices, toChoices } from "./choices";
import { selectChoices, selectSubscriptions } from "./store";

/** Where and how a person is told. */
export interface Receiver extends NoticeAddresses {
  choices: Choices;
  /** Ids of the browsers that take their push messages. */
  browsers: readonly bigint[];
}

/** The receivers of notices, by user. */
export async function findReceivers(
  reader: Reader,
  userIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, Receiver>> {
  const addresses = await listNoticeAddresses(reader, userIds);
  const choices = await selectChoices(reader, userIds);
  const browsers = await selectSubscriptions(reader, userIds);
  return new Map(
    [...addresses].map(([user, found]) => [
      user,
      {
        ...found,
        choices: toChoices(choices.filter(({ userId }) => userId === user)),
        browsers: browsers.filter(({ userId }) => userId === user).map(({ id }) => id),
      },
    ]),
  );
}
