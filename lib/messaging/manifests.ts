import type { z } from "zod";
import { collectSettings, type Source } from "@/lib/parse-settings";
import type { ChannelManifest } from "./manifest";
import { smtpManifest } from "./smtp/manifest";

/** Every vendor of messages: a new one adds its manifest here and its channel to `registry.ts`. */
const MANIFESTS = { smtp: smtpManifest };

export type ChannelVendor = keyof typeof MANIFESTS;

/** Each vendor's settings; null for one that isn't configured. */
export type MessagingSettings = {
  [Name in ChannelVendor]: z.output<(typeof MANIFESTS)[Name]["settings"]> | null;
};

export const CHANNEL_MANIFESTS: readonly ChannelManifest[] = Object.values(MANIFESTS);

/** A vendor of which one variable is set must be configured whole; adds a line for each wrong one to `problems`. */
export function collectMessagingSettings(source: Source, problems: string[]): MessagingSettings {
  const read = <Settings>(manifest: ChannelManifest<Settings>) =>
    manifest.variables.some((name) => source[name])
      ? collectSettings(manifest.settings, source, problems)
      : null;
  return { smtp: read(smtpManifest) };
}
