import { z } from "zod";
import { PHONE_COUNTRIES, type PhoneCountry } from "@/lib/phone";
import type { ChannelManifest } from "../manifest";
import { apiUrl, callbackSecret, countryList, key } from "../variables";

const variables = z.object({
  AFRICASTALKING_USERNAME: z.string().regex(/^[A-Za-z0-9._-]{1,60}$/, "must be the account's username"),
  AFRICASTALKING_API_KEY: key,
  AFRICASTALKING_SENDER_ID: z
    .string()
    .regex(/^[A-Za-z0-9 _-]{3,11}$/, "must be 3 to 11 letters, digits, spaces, hyphens and underscores")
    .optional(),
  AFRICASTALKING_COUNTRIES: countryList.optional(),
  AFRICASTALKING_API_URL: apiUrl.default("https://api.africastalking.com"),
  AFRICASTALKING_CALLBACK_SECRET: callbackSecret.optional(),
});

export interface AfricasTalkingSettings {
  username: string;
  apiKey: string;
  senderId: string | null;
  countries: readonly PhoneCountry[];
  apiUrl: string;
  callbackSecret: string | null;
}

const settings = variables.transform(
  (env): AfricasTalkingSettings => ({
    username: env.AFRICASTALKING_USERNAME,
    apiKey: env.AFRICASTALKING_API_KEY,
    senderId: env.AFRICASTALKING_SENDER_ID ?? null,
    countries: env.AFRICASTALKING_COUNTRIES ?? PHONE_COUNTRIES,
    apiUrl: env.AFRICASTALKING_API_URL,
    callbackSecret: env.AFRICASTALKING_CALLBACK_SECRET ?? null,
  }),
);

export const africasTalkingManifest = {
  name: "africas_talking",
  title: "Africa's Talking",
  kind: "sms",
  variables: Object.keys(variables.shape),
  credentials: ["AFRICASTALKING_API_KEY", "AFRICASTALKING_CALLBACK_SECRET"],
  urlVariable: "AFRICASTALKING_API_URL",
  settings,
  callback: {
    path: "/webhook/messages/africas-talking",
    secretVariable: "AFRICASTALKING_CALLBACK_SECRET",
    contentType: "application/x-www-form-urlencoded",
  },
  sandbox: {
    path: "/sms/africas-talking",
    variables: { AFRICASTALKING_USERNAME: "sandbox", AFRICASTALKING_COUNTRIES: "BJ,TG,NE" },
  },
} as const satisfies ChannelManifest<AfricasTalkingSettings>;
