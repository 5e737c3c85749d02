import { z } from "zod";
import { isLoopbackHost } from "@/lib/loopback";
import type { MethodRow } from "./provider";

/** What the rest of the product may know of a vendor: everything that names it stands in its folder. */
export interface ProviderManifest<Settings extends ProviderSettingsBase = ProviderSettingsBase> {
  /** Stored with operations and journal entries: never changed. */
  name: string;
  /** As people know it; the same in every language. */
  title: string;
  /** Every environment variable that belongs to the vendor. */
  variables: readonly string[];
  /** Variables that only an account with the vendor can fill: one of them set means production. The first is required. */
  credentials: readonly [string, ...string[]];
  apiUrlVariable: string;
  /** How a key of the vendor's test mode begins; null where keys don't show it. */
  testKey: { variable: string; prefix: string } | null;
  /** Parses the vendor's variables. */
  settings: z.ZodType<Settings>;
  webhook: {
    /** Where the vendor posts its callbacks; answered with and without the last slash. */
    path: string;
    signatureHeader: string;
    /** For the API's documentation. */
    signature: string;
    /** Longer callbacks are refused unread. */
    bodyBytesMax: number;
  };
  /** All that the vendor can do; its settings may allow less. */
  methods: readonly MethodRow[];
  sandbox: {
    /** Where the sandbox plays the vendor's API. */
    path: string;
    /** What a demo sets besides credentials and the address of the API. */
    variables: Readonly<Record<string, string>>;
  };
}

/** What every vendor's settings have. */
export interface ProviderSettingsBase {
  /** Without a trailing slash. */
  apiUrl: string;
  /** Hosts that a payment page may live on, with a port unless it is the scheme's own. */
  paymentHosts: readonly string[];
}

/** True for this machine's own addresses: only a sandbox is there, and it shows its own payment pages. */
export function isOnThisMachine(url: URL): boolean {
  return isLoopbackHost(url.hostname);
}

/** Keys travel in every request: clear text is for this machine only. */
function isSafeApiUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return url.protocol === "https:" || isOnThisMachine(url);
}

/** The address of a vendor's API; the slash at its end is dropped by {@link withoutSlash}. */
export const apiUrl = z
  .url({ protocol: /^https?$/ })
  .refine(isSafeApiUrl, "must be https, or http on this machine's loopback address");

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

/** Host names with commas between, such as `pay.example,127.0.0.1:4010`. */
export const hostList = z
  .string()
  .transform((list) => list.split(",").map((host) => host.trim().toLowerCase()))
  .pipe(
    z
      .array(z.string())
      .refine(
        (hosts) => hosts.every((host) => /^[a-z0-9.-]+(:[0-9]+)?$/.test(host)),
        "must be host names separated by commas",
      ),
  );

/** The origin of a payment page's host: http only on this machine. */
export function originOfHost(host: string): string {
  return `${isOnThisMachine(new URL(`http://${host}`)) ? "http" : "https"}://${host}`;
}
