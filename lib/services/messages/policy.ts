import type { ChannelKind } from "@/lib/messaging/channel";
import type { MessagePurpose } from "./message";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long a message of each purpose is worth sending, unless its sender says otherwise. */
export const WORTH_SENDING_MS: Record<MessagePurpose, number> = {
  code: 10 * MINUTE_MS,
  security: 3 * DAY_MS,
  notice: DAY_MS,
};

/** With the queue's back-off the last of them comes about 16 hours after the first. */
export const ATTEMPTS_MAX = 12;

/** A worker that died while it sent is taken for dead after this: longer than any call of a vendor lasts. */
export const CLAIM_MS = MINUTE_MS;

/**
 * How much of the day's SMS each purpose may use up, in percent. Codes that somebody requests for strange numbers leave
 * something for warnings, and neither notices nor codes keep the other from being sent.
 */
export const BUDGET_PERCENT: Record<MessagePurpose, number> = { code: 90, security: 100, notice: 60 };

/** Rows and delivery reports are kept for questions about what was sent. */
export const KEPT_FOR_MS = 90 * DAY_MS;

/**
 * How many messages of each kind are sent at once: jobs of one queue run one after the other. Together fewer than the worker's
 * slots, so that a vendor that doesn't answer holds up no other channel, and no withdrawal.
 */
export const QUEUES: Record<ChannelKind, number> = { sms: 3, email: 2, push: 1 };

/** Codes are sent first: a person is waiting for them. */
export const PRIORITY: Record<MessagePurpose, number> = { code: 0, security: 5, notice: 10 };
