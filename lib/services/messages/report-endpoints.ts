import { invariant } from "@/lib/invariant";
import { CHANNEL_MANIFESTS } from "@/lib/messaging/manifests";

/** Where a vendor posts delivery reports. */
export interface ReportEndpoint {
  vendor: string;
  /** As people know the vendor. */
  title: string;
  /** Ends with `/{secret}`: what we gave the vendor, and nobody else. */
  path: string;
  /** Of the reports' bodies. */
  contentType: string;
}

export const REPORT_ENDPOINTS: readonly ReportEndpoint[] = CHANNEL_MANIFESTS.flatMap(
  ({ name, title, callback }) =>
    callback === null
      ? []
      : [{ vendor: name, title, path: `${callback.path}/{secret}`, contentType: callback.contentType }],
);

/** Longer reports are refused unread: the largest has some hundred bytes, and a message's text where it repeats it. */
export const REPORT_BYTES_MAX = 8 * 1024;

/** Throws InvariantError for a vendor that posts none. */
export function reportEndpointOf(vendor: string): ReportEndpoint {
  const found = REPORT_ENDPOINTS.find((endpoint) => endpoint.vendor === vendor);
  invariant(found, `${vendor} posts delivery reports`);
  return found;
}
