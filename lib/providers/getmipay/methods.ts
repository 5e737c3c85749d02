import type { CountryCode, MethodRow } from "../provider";

/** Countries of the XOF zone: a card may be charged in each of them. */
export const XOF_COUNTRIES = ["BF", "CI", "SN", "ML", "TG", "BJ", "NE", "GW"] as const;

/** Wallets that operate in each country. MTN has none in Burkina Faso; in Guinea-Bissau none is confirmed. */
const WALLETS: Readonly<Record<(typeof XOF_COUNTRIES)[number], readonly string[]>> = {
  BF: ["wave", "orange_money", "moov_money"],
  CI: ["wave", "orange_money", "moov_money", "mtn_money"],
  SN: ["wave", "orange_money"],
  ML: ["wave", "orange_money", "moov_money"],
  TG: ["moov_money"],
  BJ: ["moov_money", "mtn_money"],
  NE: ["moov_money"],
  GW: [],
};

const MIN_MINOR = 100n;
const MAX_IN_MINOR = 2_000_000n;
const MAX_OUT_MINOR = 1_000_000n;

function row(method: string, country: CountryCode, direction: "in" | "out"): MethodRow {
  const maxMinor = direction === "in" ? MAX_IN_MINOR : MAX_OUT_MINOR;
  return { method, country, direction, currency: "XOF", minMinor: MIN_MINOR, maxMinor, stepMinor: 1n };
}

/** Country × method × direction. Wallets collect and pay out, a card only collects. */
export const GETMIPAY_METHODS: readonly MethodRow[] = XOF_COUNTRIES.flatMap((country) => [
  ...WALLETS[country].flatMap((method) => [row(method, country, "in"), row(method, country, "out")]),
  row("visa", country, "in"),
]);
