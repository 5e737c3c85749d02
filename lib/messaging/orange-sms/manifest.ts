import { z } from "zod";
import { type PhoneCountry, phoneCountryOf } from "@/lib/phone";
import type { ChannelManifest } from "../manifest";
import { apiUrl, callbackSecret, countryList, key } from "../variables";

const variables = z.object({
  ORANGE_SMS_CLIENT_ID: key,
  ORANGE_SMS_CLIENT_SECRET: key,
  // `+2260000` is the default number of Burkina Faso: the country's code and four zeros.
  ORANGE_SMS_SENDER_NUMBER: z
    .string()
    .regex(/^\+[1-9][0-9]{3,14}$/, "must be an international number such as +2260000")
    .refine((number) => phoneCountryOf(number) !== null, "is of a country that we don't serve"),
  ORANGE_SMS_SENDER_NAME: z
    .string()
    .regex(/^[A-Za-z0-9 ]{1,11}$/, "must be at most 11 letters, digits and spaces")
    .optional(),
  ORANGE_SMS_COUNTRIES: countryList.optional(),
  ORANGE_SMS_API_URL: apiUrl.default("https://api.orange.com"),
  ORANGE_SMS_CALLBACK_SECRET: callbackSecret.optional(),
});

export interface OrangeSmsSettings {
  clientId: string;
  clientSecret: string;
  senderNumber: string;
  senderName: string | null;
  countries: readonly PhoneCountry[];
  apiUrl: string;
  callbackSecret: string | null;
}

const settings = variables.transform((env): OrangeSmsSettings => {
  const home = phoneCountryOf(env.ORANGE_SMS_SENDER_NUMBER);
  return {
    clientId: env.ORANGE_SMS_CLIENT_ID,
    clientSecret: env.ORANGE_SMS_CLIENT_SECRET,
    senderNumber: env.ORANGE_SMS_SENDER_NUMBER,
    senderName: env.ORANGE_SMS_SENDER_NAME ?? null,
    // A bundle is bought for one country.
    countries: env.ORANGE_SMS_COUNTRIES ?? (home === null ? [] : [home]),
    apiUrl: env.ORANGE_SMS_API_URL,
    callbackSecret: env.ORANGE_SMS_CALLBACK_SECRET ?? null,
  };
});

export const orangeSmsManifest = {
  name: "orange_sms",
  title: "Orange SMS",
  kind: "sms",
  variables: Object.keys(variables.shape),
  credentials: ["ORANGE_SMS_CLIENT_ID", "ORANGE_SMS_CLIENT_SECRET", "ORANGE_SMS_CALLBACK_SECRET"],
  urlVariable: "ORANGE_SMS_API_URL",
  settings,
  callback: {
    path: "/webhook/messages/orange-sms",
    secretVariable: "ORANGE_SMS_CALLBACK_SECRET",
    contentType: "application/json",
  },
  sandbox: {
    path: "/sms/orange",
    variables: { ORANGE_SMS_SENDER_NUMBER: "+2260000", ORANGE_SMS_COUNTRIES: "BF,CI,SN,ML,GW" },
  },
} as const satisfies ChannelManifest<OrangeSmsSettings>;
