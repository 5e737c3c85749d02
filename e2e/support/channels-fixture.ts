import { parseConfig } from "@/lib/config";
import { invariant } from "@/lib/invariant";
import { createAfricasTalking } from "@/lib/messaging/africas-talking";
import type { Channel } from "@/lib/messaging/channel";
import { createOrangeSms } from "@/lib/messaging/orange-sms";
import { createSmtp } from "@/lib/messaging/smtp";
import { createTermii } from "@/lib/messaging/termii";
import { type Sandbox, startSandbox } from "@/lib/sandbox/server";
import { MAIL_USER } from "@/lib/sandbox/settings";
import { fastOptions } from "./getmipay-fixture";

const KEY = "channels-fixture-key-0123456789";
const ALL = "BF,CI,SN,ML,TG,BJ,NE,GW,NG";

export interface ChannelsFixture {
  sandbox: Sandbox;
  /** Each channel of the sandbox's gateways and mail server. */
  channels: Record<"smtp" | "orangeSms" | "termii" | "africasTalking", Channel>;
  close(): Promise<void>;
}

/** A sandbox with mail server and SMS gateways, and the channels that call it. Reports go to `reportUrl`, if it is given. */
export async function startChannels(reportUrl: string | null = null): Promise<ChannelsFixture> {
  const account = { key: KEY, callbackUrl: reportUrl };
  const sandbox = await startSandbox(
    fastOptions({
      mail: { port: 0, user: MAIL_USER, password: KEY },
      sms: { orange: { ...account, clientId: KEY }, termii: account, africasTalking: account },
    }),
  );
  const { smtp, orangeSms, termii, africasTalking } = parseConfig({
    ...process.env,
    SMTP_URL: `smtp://127.0.0.1:${sandbox.mailPort}?tls=none`,
    SMTP_USER: MAIL_USER,
    SMTP_PASSWORD: KEY,
    MAIL_FROM: "cauris@cauris.test",
    ORANGE_SMS_CLIENT_ID: KEY,
    ORANGE_SMS_CLIENT_SECRET: KEY,
    ORANGE_SMS_SENDER_NUMBER: "+2260000",
    ORANGE_SMS_COUNTRIES: ALL,
    ORANGE_SMS_API_URL: `${sandbox.url}/sms/orange`,
    TERMII_API_KEY: KEY,
    TERMII_SENDER_ID: "Cauris",
    TERMII_COUNTRIES: ALL,
    TERMII_API_URL: `${sandbox.url}/sms/termii`,
    AFRICASTALKING_USERNAME: "sandbox",
    AFRICASTALKING_API_KEY: KEY,
    AFRICASTALKING_API_URL: `${sandbox.url}/sms/africas-talking`,
  }).messaging;
  invariant(smtp && orangeSms && termii && africasTalking, "all channels are configured");
  return {
    sandbox,
    channels: {
      smtp: createSmtp(smtp),
      orangeSms: createOrangeSms(orangeSms),
      termii: createTermii(termii),
      africasTalking: createAfricasTalking(africasTalking),
    },
    close: () => sandbox.close(),
  };
}
