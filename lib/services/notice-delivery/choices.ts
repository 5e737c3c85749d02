import { NOTICE_CHANNELS, NOTICE_GROUPS, type NoticeChannel, type NoticeGroup } from "../notices/kinds";

/** What people chose, by group and channel; what they didn't choose is the group's default. */
export type Choices = ReadonlyMap<string, boolean>;

interface Choice {
  group: string;
  channel: NoticeChannel;
  isOn: boolean;
}

const keyOf = (group: string, channel: NoticeChannel): string => `${group} ${channel}`;

export function toChoices(rows: readonly Choice[]): Choices {
  return new Map(rows.map(({ group, channel, isOn }) => [keyOf(group, channel), isOn]));
}

/** True where nobody may switch the channel off: what tells of a stranger goes to every verified address. */
export function isAlwaysOn(group: NoticeGroup, channel: NoticeChannel): boolean {
  return NOTICE_GROUPS[group].isSecurity && channel !== "push";
}

export function isChosen(choices: Choices, group: NoticeGroup, channel: NoticeChannel): boolean {
  const defaults: readonly NoticeChannel[] = NOTICE_GROUPS[group].defaults;
  return isAlwaysOn(group, channel) || (choices.get(keyOf(group, channel)) ?? defaults.includes(channel));
}

/** The channels of a group that are on. */
export function chosenChannels(choices: Choices, group: NoticeGroup): NoticeChannel[] {
  return NOTICE_CHANNELS.filter((channel) => isChosen(choices, group, channel));
}
