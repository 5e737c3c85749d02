import type {} from "next-intl";
import type french from "./messages/fr.json";
import type { Locale } from "./routing";

declare module "next-intl" {
  /** Makes every message key and locale a type: an unknown key doesn't compile. */
  interface AppConfig {
    Locale: Locale;
    Messages: typeof french;
  }
}
