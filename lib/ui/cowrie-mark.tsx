import { classNames } from "./class-names";

/** The shell seen from below: an oval, its slit, and the teeth on both lips. */
const BODY = "M12 1C5.6 1 2 7.6 2 14.3 2 21.6 6.3 27 12 27s10-5.4 10-12.7C22 7.6 18.4 1 12 1Z";
const SLIT = "M12 3.5c-2.6 4-3.3 16.5 0 21 3.3-4.5 2.6-17 0-21Z";
const TEETH =
  "M10.3 8h-1.5M10 11H8.4M9.8 14H8.2M9.8 17H8.3M10.2 20H8.8M13.7 8h1.5M14 11h1.6M14.2 14h1.6M14.2 17h1.5M13.8 20h1.4";

/** The logo of Cauris. Decorative: the name stands beside it. */
export function CowrieMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 28" aria-hidden="true" className={classNames("shrink-0", className ?? "h-8 w-7")}>
      <path d={BODY} className="fill-indigo-bright" />
      <path d={SLIT} fill="#fbf3e4" />
      <path d={TEETH} stroke="#e39a3c" strokeWidth="1.1" strokeLinecap="round" />
    </svg>
  );
}

/** The same shell as a large faint shape behind a balance. */
export function CowrieWatermark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 28" aria-hidden="true" className={className} fill="#fff" fillRule="evenodd">
      <path d={BODY + SLIT} opacity=".13" />
    </svg>
  );
}
