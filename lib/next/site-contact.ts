import { config } from "@/lib/config";
import type { Contact } from "@/lib/contact";

/** The deployment's contact, for pages. */
export function siteContact(): Contact {
  return config().contact;
}

/** True where no real money is moved: pages say so. */
export function isDemo(): boolean {
  return config().mode === "demo";
}
