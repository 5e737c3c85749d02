import type { Page } from "@playwright/test";
import type { Words } from "./words";

/** The PIN of people in journeys. */
export const PIN = "4907";

/** Fills in the page that chooses a first PIN, which must be open. */
export async function choosePin(page: Page, words: Words, pin: string): Promise<void> {
  await page.getByLabel(words.pin.new).fill(pin);
  await page.getByLabel(words.pin.again).fill(pin);
  await page.getByRole("button", { name: words.pin.submit }).click();
}
