import { z } from "zod";
import {
  apiUrl,
  hostList,
  type ProviderManifest,
  type ProviderSettingsBase,
  withoutSlash,
} from "../manifest";
import { GETMIPAY_METHODS } from "./methods";
import { type Service, serviceList } from "./services";

const variables = z.object({
  GETMIPAY_API_KEY: z.string().min(8),
  GETMIPAY_SECRET_KEY: z.string().min(16),
  GETMIPAY_API_URL: apiUrl,
  GETMIPAY_WEBHOOK_SECRET: z.string().min(16),
  GETMIPAY_DIALECT: z.enum(["v1", "public"]).default("v1"),
  GETMIPAY_PAYMENT_HOSTS: hostList.optional(),
  GETMIPAY_REFERENCE_IDEMPOTENT: z.stringbool().default(false),
  GETMIPAY_SERVICES: serviceList,
});

export interface GetMiPaySettings extends ProviderSettingsBase {
  /** `v1` is the seed's; `public` is what docs.getmipay.com describes, and then `apiUrl` ends with its `/api/v1`. */
  dialect: "v1" | "public";
  /** `public`: the public one of the key pair. */
  apiKey: string;
  /** v1: signs our requests. `public`: the private one of the key pair. */
  secretKey: string;
  /** v1: signs their callbacks. `public`: known to us alone; with it callback addresses carry an HMAC. */
  webhookSecret: string;
  /** See lib/providers/README.md, 2026-11-22. */
  referenceIdempotent: boolean;
  /** Only `public` has them. */
  services: readonly Service[];
}

const settings = variables
  .refine((env) => env.GETMIPAY_DIALECT !== "public" || !env.GETMIPAY_REFERENCE_IDEMPOTENT, {
    path: ["GETMIPAY_REFERENCE_IDEMPOTENT"],
    message: "must not be true with GETMIPAY_DIALECT=public: its payouts take no reference of ours",
  })
  .refine((env) => env.GETMIPAY_WEBHOOK_SECRET !== env.GETMIPAY_SECRET_KEY, {
    path: ["GETMIPAY_WEBHOOK_SECRET"],
    message: "must differ from GETMIPAY_SECRET_KEY",
  })
  .transform(
    (env): GetMiPaySettings => ({
      dialect: env.GETMIPAY_DIALECT,
      apiKey: env.GETMIPAY_API_KEY,
      secretKey: env.GETMIPAY_SECRET_KEY,
      apiUrl: withoutSlash(env.GETMIPAY_API_URL),
      webhookSecret: env.GETMIPAY_WEBHOOK_SECRET,
      paymentHosts: env.GETMIPAY_PAYMENT_HOSTS ?? [
        ...new Set([new URL(env.GETMIPAY_API_URL).host, "getmipay.com"]),
      ],
      referenceIdempotent: env.GETMIPAY_REFERENCE_IDEMPOTENT,
      services: env.GETMIPAY_SERVICES,
    }),
  );

export const getMiPayManifest = {
  name: "getmipay",
  title: "GetMiPay",
  variables: Object.keys(variables.shape),
  credentials: ["GETMIPAY_API_KEY", "GETMIPAY_SECRET_KEY", "GETMIPAY_WEBHOOK_SECRET"],
  apiUrlVariable: "GETMIPAY_API_URL",
  testKey: null,
  settings,
  webhook: {
    path: "/webhook/getmipay/",
    signatureHeader: "X-Signature",
    signature: "HMAC-SHA256 with the webhook secret, in hex, where the dialect signs.",
    // A callback has less than one kilobyte.
    bodyBytesMax: 64 * 1024,
  },
  methods: GETMIPAY_METHODS,
  sandbox: {
    path: "",
    // True of the sandbox: one reference pays once.
    variables: { GETMIPAY_DIALECT: "v1", GETMIPAY_REFERENCE_IDEMPOTENT: "true" },
  },
} as const satisfies ProviderManifest<GetMiPaySettings>;
