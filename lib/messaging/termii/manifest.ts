import { z } from "zod";
import type { PhoneCountry } from "@/lib/phone";
import type { ChannelManifest } from "../manifest";
import { apiUrl, callbackSecret, countryList, key } from "../variables";

const variables = z.object({
  TERMII_API_KEY: key,
  TERMII_SENDER_ID: z
    .string()
    .regex(/^[A-Za-z0-9 _-]{3,11}$/, "must be 3 to 11 letters, digits, spaces, hyphens and underscores"),
  // `dnd` reaches numbers that refuse advertising too: it is the one for codes, and Termii has to open it for the account.
  TERMII_CHANNEL: z.enum(["dnd", "generic"]).default("dnd"),
  TERMII_COUNTRIES: countryList.default(["NG"]),
  // Each account has its own address; it stands on Termii's dashboard.
  TERMII_API_URL: apiUrl.default("https://v3.api.termii.com"),
  TERMII_CALLBACK_SECRET: callbackSecret.optional(),
});

export interface TermiiSettings {
  apiKey: string;
  senderId: string;
  route: "dnd" | "generic";
  countries: readonly PhoneCountry[];
  apiUrl: string;
  callbackSecret: string | null;
}

const settings = variables.transform(
  (env): TermiiSettings => ({
    apiKey: env.TERMII_API_KEY,
    senderId: env.TERMII_SENDER_ID,
    route: env.TERMII_CHANNEL,
    countries: env.TERMII_COUNTRIES,
    apiUrl: env.TERMII_API_URL,
    callbackSecret: env.TERMII_CALLBACK_SECRET ?? null,
  }),
);

export const termiiManifest = {
  name: "termii",
  title: "Termii",
  kind: "sms",
  variables: Object.keys(variables.shape),
  credentials: ["TERMII_API_KEY", "TERMII_CALLBACK_SECRET"],
  urlVariable: "TERMII_API_URL",
  settings,
  callback: {
    path: "/webhook/messages/termii",
    secretVariable: "TERMII_CALLBACK_SECRET",
    contentType: "application/json",
  },
  sandbox: { path: "/sms/termii", variables: { TERMII_SENDER_ID: "Cauris" } },
} as const satisfies ChannelManifest<TermiiSettings>;
