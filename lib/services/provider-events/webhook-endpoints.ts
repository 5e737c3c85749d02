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
}

export const WEBHOOK_ENDPOINTS: readonly WebhookEndpoint[] = PROVIDER_MANIFESTS.map(
  ({ name, title, webhook: { path, signatureHeader, signature } }) => ({
    provider: name,
    title,
    path: path.replace(/\/$/, ""),
    signatureHeader,
    signature,
  }),
);
