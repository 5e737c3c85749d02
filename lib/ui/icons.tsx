import { classNames } from "./class-names";

/** SVG paths on a 24 × 24 grid. */
const PATHS = {
  "top-up": "M12 3v12m0 0-5-5m5 5 5-5M5 20h14",
  withdraw: "M12 20V8m0 0-5 5m5-5 5 5M5 4h14",
  send: "M21 4 3 11l6.5 2.5L12 20l9-16ZM9.5 13.5 15 9",
  vault: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.5 2",
  check: "m5 12.5 4.5 4.5L19 7.5",
  cross: "m6 6 12 12M18 6 6 18",
  refund: "M4 10h11a5 5 0 0 1 0 10h-4M4 10l4.5-4.5M4 10l4.5 4.5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm5-1.5L20 20",
  hourglass: "M7 3h10M7 21h10M8 3v3.5L12 12l4-5.5V3M8 21v-3.5L12 12l4 5.5V21",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v5.5M12 7.5v.01",
  warning: "M12 4 2.5 20h19L12 4Zm0 6v4.5m0 2.5v.01",
  eye: "M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12Zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  "eye-off":
    "M4 4l16 16M9.9 5.8A10 10 0 0 1 12 5.5c6.5 0 10 6.5 10 6.5a17 17 0 0 1-3.3 4M6.2 7.6A16 16 0 0 0 2 12s3.5 6.5 10 6.5a10 10 0 0 0 3.8-.7M9.9 9.9a3 3 0 0 0 4.2 4.2",
  back: "M19 12H5m0 0 6-6m-6 6 6 6",
  forward: "M5 12h14m0 0-6-6m6 6-6 6",
  list: "M8 6h12M8 12h12M8 18h12M4 6v.01M4 12v.01M4 18v.01",
  tontine: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-18v18M3 12h18",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 8.5a8 8 0 0 1 16 0",
  phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Zm3 15h2",
  home: "M4 11.5 12 4l8 7.5M6 10v10h12V10M10 20v-5h4v5",
  exchange: "M4 8h15m0 0-4-4m4 4-4 4M20 16H5m0 0 4-4m-4 4 4 4",
  help: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-2.5-11a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 17v.01",
  chat: "M4 20l1.4-4A8 8 0 1 1 8.5 18.7L4 20Z",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  receive: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l2 2H4l2-2ZM10 21h4",
  shield: "M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6l-7-3Z",
  code: "m8 8-4 4 4 4m8-8 4 4-4 4m-2.5-10-3 12",
} as const;

export type IconName = keyof typeof PATHS;

interface IconProps {
  name: IconName;
  /** Size and colour; defaults to 20 px and the text's colour. */
  className?: string;
}

/** A decorative icon beside a text; hidden from screen readers. */
export function Icon({ name, className }: IconProps) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={classNames("shrink-0", className ?? "size-5")}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
