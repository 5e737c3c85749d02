import type { Locator } from "@playwright/test";
import jsQR from "jsqr";

const PIXELS_A_MODULE = 4;

/** What a phone's camera reads in a QR code of ours: the shapes of its SVG as a browser has them, drawn and decoded. */
export async function readQrCode(code: Locator): Promise<string | null> {
  const size = Number((await code.getAttribute("viewBox"))?.split(" ").at(-1));
  const dark = (await code.locator('path[fill="#000"]').getAttribute("d")) ?? "";
  const side = size * PIXELS_A_MODULE;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, left, top, width] of dark.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    paint(pixels, side, { left: Number(left), top: Number(top), width: Number(width) });
  }
  return jsQR(pixels, side, side)?.data ?? null;
}

function paint(
  pixels: Uint8ClampedArray,
  side: number,
  { left, top, width }: { left: number; top: number; width: number },
): void {
  for (let y = top * PIXELS_A_MODULE; y < (top + 1) * PIXELS_A_MODULE; y += 1) {
    const from = (y * side + left * PIXELS_A_MODULE) * 4;
    for (let at = from; at < from + width * PIXELS_A_MODULE * 4; at += 4) pixels.fill(0, at, at + 3);
  }
}
