import type { Context } from "@/lib/services/context";
import { consume, giveBack } from "@/lib/services/rate-limits/consume";
import type { LimitName } from "@/lib/services/rate-limits/limits";

/** A browser on which people signed in before, as its own cookie says. */
export interface KnownDevice {
  id: string;
  userIds: readonly bigint[];
}

/** Where a try comes from. */
export interface SignInOrigin {
  /** The smallest first: an IPv4 address, or the /64, /56 and /48 of an IPv6 one. */
  networks: readonly string[];
  device: KnownDevice | null;
}

export interface Budget {
  name: LimitName;
  key: readonly string[];
}

const NETWORK_LIMITS: readonly LimitName[] = ["sign_in_network", "sign_in_network_56", "sign_in_network_48"];

/** True for a limit that counts by network, whatever the account. */
export function isOfNetwork(name: LimitName): boolean {
  return NETWORK_LIMITS.includes(name);
}

/**
 * What a try is counted by. Of a known device only its own tries count. Any other try counts for the account, whose waits
 * grow, and for the network, which is refused only after so many that they are no people's mistakes.
 */
export function budgetsOf(
  account: string,
  userId: bigint | null,
  { networks, device }: SignInOrigin,
): Budget[] {
  if (userId !== null && device?.userIds.includes(userId)) {
    const key = [device.id, userId.toString()];
    return [
      { name: "sign_in_device", key },
      { name: "sign_in_device_day", key },
    ];
  }
  const [nearest = ""] = networks;
  // The shortest first: a try that one refuses never touches those behind it.
  return [
    { name: "sign_in_email", key: [account, nearest] },
    { name: "sign_in_account", key: [account] },
    { name: "sign_in_account_hours", key: [account] },
    { name: "sign_in_account_day", key: [account] },
    ...NETWORK_LIMITS.slice(0, networks.length).map((name, at) => ({ name, key: [networks[at] ?? ""] })),
  ];
}

/** Takes a try of each budget, or of none. Before the password is looked at, so that parallel guesses can't slip through. */
export async function takeTry(context: Context, budgets: readonly Budget[]): Promise<void> {
  const taken: Budget[] = [];
  try {
    for (const budget of budgets) {
      await consume(context.db, budget.name, budget.key);
      taken.push(budget);
    }
  } catch (refusal) {
    await giveTryBack(context, taken);
    throw refusal;
  }
}

/** After a right password: it is nobody's mistake. */
export async function giveTryBack(context: Context, budgets: readonly Budget[]): Promise<void> {
  for (const { name, key } of budgets) await giveBack(context.db, name, key);
}
