/** Initials instead of logos, which we have no licence for; the name is always shown beside them. */
const INITIALS: Record<string, string> = {
  wave: "W",
  orange_money: "OM",
  moov_money: "Mo",
  mtn_money: "MT",
  visa: "V",
};

/** The initials of a payment method, by its code. Hidden from screen readers. */
export function MethodMark({ method }: { method: string }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-10 shrink-0 place-items-center rounded-field bg-indigo-bright text-sm font-bold text-white"
    >
      {INITIALS[method] ?? method.slice(0, 1).toUpperCase()}
    </span>
  );
}
