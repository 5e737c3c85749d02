import { invariant } from "@/lib/invariant";
import { PROVIDER_MANIFESTS } from "@/lib/providers/manifests";

/** Where a provider posts its callbacks, and how it signs them. */
export interface WebhookEndpoint {
  provider: string;
  /** As people know the provider. */
  title: string;
  /** Without a slash at the end; the address is answered with one too. */
  path: string;
  signatureHeader: string;
  signature: string;
  /** Longer callbacks are refused unread. */
  bodyBytesMax: number;
}

export const WEBHOOK_ENDPOINTS: readonly WebhookEndpoint[] = PROVIDER_MANIFESTS.map(
  ({ name, title, webhook: { path, signatureHeader, signature, bodyBytesMax } }) => ({
    provider: name,
    title,
    path: path.replace(/\/$/, ""),
    signatureHeader,
    signature,
    bodyBytesMax,
  }),
);

/** Throws InvariantError for a provider without a manifest. */
export function webhookEndpointOf(provider: string): WebhookEndpoint {
  const found = WEBHOOK_ENDPOINTS.find((endpoint) => endpoint.provider === provider);
  invariant(found, `${provider} has a webhook endpoint`);
  return found;
}
