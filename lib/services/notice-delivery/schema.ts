import { z } from "zod";
import { NOTICE_CHANNELS, NOTICE_GROUPS, type NoticeChannel, type NoticeGroup } from "../notices/kinds";

type ChoiceField = `${NoticeGroup}.${NoticeChannel}`;

const GROUPS = Object.keys(NOTICE_GROUPS) as NoticeGroup[];

/** Every pair of group and channel, with the name of its box. */
export const CHOICE_FIELDS = GROUPS.flatMap((group) =>
  NOTICE_CHANNELS.map((channel) => ({ group, channel, field: `${group}.${channel}` as ChoiceField })),
);

const box = z.enum(["on", ""]).default("");

/** The form of choices: a box each group and channel, `on` or absent. */
export const noticeChoicesSchema = z.object(
  Object.fromEntries(CHOICE_FIELDS.map(({ field }) => [field, box])) as Record<ChoiceField, typeof box>,
);

/** What a browser answers to `pushManager.subscribe`. Only known push services are ever called (lib/messaging/web-push). */
export const subscribePushSchema = z.object({
  endpoint: z.url("invalid").startsWith("http", "invalid").max(1_000, "too_long"),
  p256dh: z.string().regex(/^[A-Za-z0-9_-]{80,200}$/, "invalid"),
  auth: z.string().regex(/^[A-Za-z0-9_-]{16,100}$/, "invalid"),
});

/** The form that marks notices as read: up to and with this one. */
export const markReadSchema = z.object({ upTo: z.string().regex(/^[1-9][0-9]{0,17}$/, "invalid") });
