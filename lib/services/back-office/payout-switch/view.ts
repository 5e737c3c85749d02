import type { PayoutSwitchRow } from "./store";

/** One throw of a switch, as whoever runs the deployment sees it. */
export interface PayoutSwitchView {
  /** Null is the switch of all providers at once. */
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
