import type { z } from "zod";
import { collectSettings, type Source } from "@/lib/parse-settings";
import { africasTalkingManifest } from "./africas-talking/manifest";
import type { ChannelManifest } from "./manifest";
import { orangeSmsManifest } from "./orange-sms/manifest";
import { smtpManifest } from "./smtp/manifest";
import { termiiManifest } from "./termii/manifest";
import { webPushManifest } from "./web-push/manifest";

/** Every vendor of messages: a new one adds its manifest here and its channel to `registry.ts`. */
const MANIFESTS = {
  smtp: smtpManifest,
  orangeSms: orangeSmsManifest,
  termii: termiiManifest,
  africasTalking: africasTalkingManifest,
  webPush: webPushManifest,
};

type Vendor = keyof typeof MANIFESTS;

/** Each vendor's settings; null for one that isn't configured. */
export type MessagingSettings = {
  [Name in Vendor]: z.output<(typeof MANIFESTS)[Name]["settings"]> | null;
};

export const CHANNEL_MANIFESTS: readonly ChannelManifest[] = Object.values(MANIFESTS);

/** A variable that holds a vendor's key or secret. */
export type ChannelCredential = (typeof MANIFESTS)[Vendor]["credentials"][number];

export const CHANNEL_CREDENTIALS: readonly ChannelCredential[] = Object.values(MANIFESTS).flatMap(
  ({ credentials }): readonly ChannelCredential[] => credentials,
);

/** A vendor of which one variable is set must be configured whole; adds a line for each wrong one to `problems`. */
export function collectMessagingSettings(source: Source, problems: string[]): MessagingSettings {
  const read = <Settings>(manifest: ChannelManifest<Settings>) =>
    manifest.variables.some((name) => source[name])
      ? collectSettings(manifest.settings, source, problems)
      : null;
  return {
    smtp: read(smtpManifest),
    orangeSms: read(orangeSmsManifest),
    termii: read(termiiManifest),
    africasTalking: read(africasTalkingManifest),
    webPush: read(webPushManifest),
  };
}
