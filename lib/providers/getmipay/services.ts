import { z } from "zod";
import type { CountryCode, Direction } from "../provider";
import { XOF_COUNTRIES } from "./methods";

/** A service of the public dialect: one wallet in one country, by its id at GetMiPay. */
export interface Service {
  method: string;
  country: CountryCode;
  direction: Direction;
  /** The value of the `service` header. */
  id: string;
}

const METHODS = ["wave", "orange_money", "moov_money", "mtn_money"];
const ENTRY = /^([a-z_]{1,32}):([A-Z]{2})(?::(in|out))?=([0-9A-Za-z_-]{1,32})$/;

/**
 * Ids 3, 4 and 5 are documented (docs.getmipay.com); no Wave or Moov id is. Collections with these three need a
 * one-time code in the `otp` header, which a {@link CollectionRequest} can't carry, so they only pay out.
 */
const DEFAULT_SERVICES = "orange_money:CI:out=3,orange_money:SN:out=4,orange_money:BF:out=5";

function parseEntry(entry: string): Service[] | null {
  const [, method = "", code = "", direction, id = ""] = ENTRY.exec(entry.trim()) ?? [];
  const country = XOF_COUNTRIES.find((known) => known === code);
  if (!country || !METHODS.includes(method)) return null;
  const directions: readonly Direction[] =
    direction === "in" || direction === "out" ? [direction] : ["in", "out"];
  return directions.map((each) => ({ method, country, direction: each, id }));
}

/** `<method>:<country>[:in|out]=<id>`, commas between; without a direction it stands for both. */
export const serviceList = z
  .string()
  .default(DEFAULT_SERVICES)
  .transform((list, context): Service[] => {
    const parsed = list.split(",").map(parseEntry);
    const services = parsed.flatMap((entry) => entry ?? []);
    const keys = services.map(({ method, country, direction }) => `${method} ${country} ${direction}`);
    if (parsed.includes(null)) {
      context.addIssue(
        `must be <method>:<country>[:in|out]=<id> with commas between, of ${METHODS.join(", ")} in ${XOF_COUNTRIES.join(", ")}`,
      );
    } else if (new Set(keys).size !== keys.length) {
      context.addIssue("names one method, country and direction twice");
    }
    return services;
  });
