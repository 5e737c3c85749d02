import { expect, type Page } from "@playwright/test";
import { SANDBOX_URL } from "./started-deployment";
import type { Locale } from "./words";

const DEMO_PIN = "0000";

/** The texts of the sandbox's payment page. */
const WORDS = {
  fr: { pin: "Code secret", confirm: "Confirmer", cancel: "Annuler", wrong: "Code secret incorrect" },
  en: { pin: "PIN", confirm: "Confirm", cancel: "Cancel", wrong: "Wrong PIN" },
} as const;

/** The sandbox's payment page, where a person confirms with a PIN. */
export function paymentPage(page: Page, locale: Locale) {
  const words = WORDS[locale];
  return {
    isOpen: () => expect(page).toHaveURL(new RegExp(`^${SANDBOX_URL}/pay/`)),
    wrongPin: page.getByText(words.wrong),
    async pay(pin = DEMO_PIN) {
      await page.getByLabel(words.pin).fill(pin);
      await page.getByRole("button", { name: words.confirm }).click();
    },
    cancel: () => page.getByRole("button", { name: words.cancel }).click(),
  };
}
