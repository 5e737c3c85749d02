import QRCode from "qrcode";
import { classNames } from "./class-names";

/** White around the code, in modules (ISO/IEC 18004: four). */
const QUIET_ZONE = 4;

interface QrCodeProps {
  /** What the code holds: an absolute address. */
  text: string;
  /** What it is for, for those who can't see it. */
  label: string;
  className?: string;
}

/** A QR code as an inline SVG, black on white in both themes, made on the server. */
export function QrCode({ text, label, className }: QrCodeProps) {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: "M" });
  const size = modules.size + 2 * QUIET_ZONE;
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className={classNames("block bg-white text-black", className)}
    >
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      <path fill="#000" d={pathOf(modules)} />
    </svg>
  );
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
