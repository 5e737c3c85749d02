import QRCode from "qrcode";

/** White around the code, in modules (ISO/IEC 18004: four). */
const QUIET_ZONE = 4;

/** A QR code as an SVG path of dark rectangles, in a square of `size` modules with its quiet zone. */
export function qrPath(text: string): { size: number; path: string } {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: "M" });
  return { size: modules.size + 2 * QUIET_ZONE, path: pathOf(modules) };
}

/** One rectangle for each run of dark modules in a row. */
function pathOf(modules: QRCode.QRCode["modules"]): string {
  const { size } = modules;
  let path = "";
  for (let row = 0; row < size; row += 1) {
    let column = 0;
    while (column < size) {
      let end = column;
      while (end < size && modules.get(row, end)) end += 1;
      if (end > column)
        path += `M${column + QUIET_ZONE} ${row + QUIET_ZONE}h${end - column}v1h-${end - column}z`;
      column = end + 1;
    }
  }
  return path;
}
