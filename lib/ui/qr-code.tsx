import { qrPath } from "@/lib/qr-path";
import { classNames } from "./class-names";

interface QrCodeProps {
  /** What the code holds: an absolute address. */
  text: string;
  /** What it is for, for those who can't see it. */
  label: string;
  className?: string;
}

/** A QR code as an inline SVG, black on white in both themes, made on the server. */
export function QrCode({ text, label, className }: QrCodeProps) {
  const { size, path } = qrPath(text);
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className={classNames("block bg-white text-black", className)}
    >
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      <path fill="#000" d={path} />
    </svg>
  );
}
