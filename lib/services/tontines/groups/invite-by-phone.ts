import type { Transaction } from "@/db/client";
import { config } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { shownName } from "../../identity/users/shown-name";
import { availableChannels } from "../../messages/available-channels";
import { queueMessage } from "../../messages/queue-message";
import { endOfQuietHours } from "../../notice-delivery/quiet-hours";
import { recordNotice } from "../../notices/record-notice";
import { consume } from "../../rate-limits/consume";
import { inviteTokenOf } from "../code";
import { invitationText } from "./invitation-text";
import { findPerson, findVerifiedOwner, type TontineRow } from "./store";

/** Who invites, and the numbers that may be told: each counts against the limits of its inviter, and is told once a day by all. */
export interface Invited {
  userId: bigint;
  phones: ReadonlySet<string>;
}

/** Counts the people whom somebody wants to tell of a group; who is over a limit is left out. Before the transaction, as all limits. */
export async function countInvited(
  context: Context,
  userId: bigint,
  phones: readonly string[],
): Promise<Invited> {
  const allowed = new Set<string>();
  for (const phone of new Set(phones)) {
    try {
      await consume(context.db, "tontine_invited_number_day", [phone]);
      await consume(context.db, "tontine_invited_day", [userId.toString()]);
      allowed.add(phone);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== "rate_limited") throw error;
    }
  }
  return { userId, phones: allowed };
}

/**
 * Tells people who were added by their number of a group that is open, once a group: the owner of an account by the channels that they chose,
 * anybody else by SMS, from eight o'clock on; who invites them, the group, its link, no sums. In the transaction that adds them. Answers whom.
 */
export async function tellInvited(
  tx: Transaction,
  { now }: Pick<Context, "now">,
  tontine: TontineRow,
  { userId, phones }: Invited,
): Promise<string[]> {
  const { firstName, lastName, locale } = await findPerson(tx, userId);
  const by = shownName(firstName, lastName);
  const told: string[] = [];
  for (const phone of phones) {
    const key = `tontine_invited:${tontine.id}:${phone}`;
    const owner = await findVerifiedOwner(tx, phone);
    if (owner !== null) {
      const details = { name: by, group: tontine.name, join: tontine.code };
      await recordNotice(tx, { userId: owner, kind: "tontine_invited", details, key });
    } else if (availableChannels().includes("sms")) {
      const url = `${config().baseUrl}/join/${inviteTokenOf(tontine.id)}`;
      const notBefore = endOfQuietHours(now, tontine.zone);
      await queueMessage(tx, {
        ...{ channel: "sms", to: phone, userId: null, purpose: "notice", locale, key },
        text: invitationText({ by, group: tontine.name, url }, locale),
        ...(notBefore === null ? {} : { notBefore }),
      });
    } else continue;
    told.push(phone);
  }
  return told;
}
