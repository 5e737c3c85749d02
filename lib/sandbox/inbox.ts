/** What a gateway or the mail server of the sandbox does wrong with a message, by its recipient. */
export interface MessageScenario {
  code: string;
  /** The last four digits of a phone number; the first word of an e-mail address is `code`, before a hyphen. */
  digits: string;
  meaning: string;
}

export const MESSAGE_SCENARIOS = [
  { code: "slow", digits: "7101", meaning: "answers 8 s later" },
  { code: "down", digits: "7102", meaning: "says that it is out of order, and takes nothing" },
  { code: "lost", digits: "7103", meaning: "says that it took the message, which never arrives" },
  { code: "refused", digits: "7104", meaning: "refuses the recipient for good" },
  { code: "late", digits: "7105", meaning: "SMS only: the delivery report comes 8 s later" },
  { code: "undelivered", digits: "7106", meaning: "SMS only: taken, and reported as undelivered" },
  { code: "silent", digits: "7107", meaning: "takes the message and never answers: it is sent again" },
  { code: "downonce", digits: "7108", meaning: "out of order for the first try of an address, then works" },
] as const satisfies readonly MessageScenario[];

export type MessageScenarioCode = (typeof MESSAGE_SCENARIOS)[number]["code"];

/** A message as it arrived. */
export interface InboxMessage {
  id: number;
  channel: "sms" | "email" | "push";
  vendor: string;
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string | null;
  at: string;
}

export interface Inbox {
  /** Null for a recipient that everything works for. Each call counts as a try. */
  scenarioOf(to: string): MessageScenarioCode | null;
  add(message: Omit<InboxMessage, "id" | "at">): InboxMessage;
  /** The newest first, at most `limit`. */
  list(filter: { channel: InboxMessage["channel"]; to?: string | null; limit: number }): InboxMessage[];
  find(id: number): InboxMessage | null;
}

const KEPT_MAX = 2_000;

/** Messages live in memory only, the newest {@link KEPT_MAX} of them. */
export function createInbox(): Inbox {
  const messages: InboxMessage[] = [];
  const failedOnce = new Set<string>();
  let last = 0;
  return {
    scenarioOf(to) {
      const found = MESSAGE_SCENARIOS.find(({ code, digits }) =>
        to.includes("@") ? to.startsWith(`${code}-`) || to.startsWith(`${code}@`) : to.endsWith(digits),
      );
      if (found?.code !== "downonce") return found?.code ?? null;
      if (failedOnce.has(to)) return null;
      failedOnce.add(to);
      return "down";
    },
    add(message) {
      last += 1;
      const added = { ...message, id: last, at: new Date().toISOString() };
      messages.unshift(added);
      messages.length = Math.min(messages.length, KEPT_MAX);
      return added;
    },
    list: ({ channel, to = null, limit }) =>
      messages.filter((each) => each.channel === channel && (to === null || each.to === to)).slice(0, limit),
    find: (id) => messages.find((each) => each.id === id) ?? null,
  };
}
