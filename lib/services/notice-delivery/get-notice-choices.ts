import { type Context, requirePerson } from "../context";
import { findNoticeAddresses } from "../identity/contacts/find-notice-addresses";
import { availableChannels } from "../messages/available-channels";
import { NOTICE_CHANNELS, NOTICE_GROUPS, type NoticeChannel, type NoticeGroup } from "../notices/kinds";
import { isAlwaysOn, isChosen, toChoices } from "./choices";
import { selectChoices, selectSubscriptions } from "./store";

export interface NoticeChoices {
  /** The channels that this deployment has, with whether the person has a verified address or a browser for it. */
  channels: readonly { channel: NoticeChannel; isReachable: boolean }[];
  /** Whether this session's browser takes push messages. */
  isPushOn: boolean;
  groups: readonly {
    group: NoticeGroup;
    boxes: readonly { channel: NoticeChannel; isOn: boolean; isFixed: boolean }[];
  }[];
}

/** Where the person hears what. Throws `unauthenticated`. */
export async function getNoticeChoices(context: Context): Promise<NoticeChoices> {
  const userId = requirePerson(context);
  const { actor } = context;
  const available = availableChannels();
  const [addresses, rows, browsers] = await Promise.all([
    findNoticeAddresses(context.db, userId),
    selectChoices(context.db, [userId]),
    selectSubscriptions(context.db, [userId]),
  ]);
  const choices = toChoices(rows);
  const offered = NOTICE_CHANNELS.filter((channel) => available.includes(channel));
  const isReachable: Readonly<Record<NoticeChannel, boolean>> = {
    email: addresses?.email != null,
    sms: addresses?.phone != null,
    push: browsers.length > 0,
  };
  return {
    channels: offered.map((channel) => ({ channel, isReachable: isReachable[channel] })),
    isPushOn: browsers.some(({ sessionId }) => actor.kind === "user" && sessionId === actor.sessionId),
    groups: (Object.keys(NOTICE_GROUPS) as NoticeGroup[]).map((group) => ({
      group,
      boxes: offered.map((channel) => ({
        channel,
        isOn: isChosen(choices, group, channel),
        isFixed: isAlwaysOn(group, channel),
      })),
    })),
  };
}
