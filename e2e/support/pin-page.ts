import { expect, type Page } from "@playwright/test";
import type { Words } from "./words";

/** The PIN of people in journeys. */
export const PIN = "4907";

/** Fills in the page that chooses a first PIN, which must be open. */
export async function choosePin(page: Page, words: Words, pin: string): Promise<void> {
  await page.getByLabel(words.pin.new).fill(pin);
  await page.getByLabel(words.pin.again).fill(pin);
  await page.getByRole("button", { name: words.pin.submit }).click();
}

/** Chooses the person's first PIN in the settings. */
export async function setPin(
  page: Page,
  words: Words,
  open: (address: string) => Promise<void>,
): Promise<void> {
  await open("/wallet/settings/pin");
  await choosePin(page, words, PIN);
  await expect(page.getByText(words.settings.saved)).toBeVisible();
}
