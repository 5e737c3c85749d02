import type { PayoutSwitchRow } from "./store";

/** One toggle of a switch, as the operator sees it. */
export interface PayoutSwitchView {
  /** Null for the switch of all providers. */
  provider: string | null;
  stopped: boolean;
  operator: string;
  note: string;
  at: Date;
}

export function toSwitchView({
  provider,
  stopped,
  operator,
  note,
  createdAt,
}: PayoutSwitchRow): PayoutSwitchView {
  return { provider, stopped, operator, note, at: createdAt };
}
