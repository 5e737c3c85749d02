import type { ReactNode } from "react";
import type { AmountParts } from "@/lib/money/format-money";
import { CowrieWatermark } from "./cowrie-mark";

interface BalanceCardProps {
  /** "Solde disponible". */
  label: string;
  /** Null while the person hides it: the number isn't sent. */
  amount: AmountParts | null;
  /** For screen readers while the amount is hidden and shown as dots: "Solde masqué". */
  hiddenLabel: string;
  /** The amounts that can't be spent: reserved, in vaults. Values are formatted. */
  details: readonly { label: string; value: string }[];
  /** The form that hides or shows the balance; its button has {@link balanceToggleClass}. */
  toggle?: ReactNode;
}

/** The look of the button inside `toggle`. */
export const balanceToggleClass =
  "inline-flex min-h-11 cursor-pointer items-center gap-2 rounded-full bg-white/15 px-4 text-sm text-white hover:bg-white/25";

/** The available balance, with the reserved amounts and those in vaults below it. */
export function BalanceCard({ label, amount, hiddenLabel, details, toggle }: BalanceCardProps) {
  return (
    <section
      aria-label={label}
      className="relative isolate overflow-hidden rounded-card bg-indigo bg-linear-to-br from-indigo to-indigo-bright p-5 text-white"
    >
      <CowrieWatermark className="absolute -top-8 -right-20 -z-10 h-64 sm:-right-10" />
      <div className="-mt-1.5 -mr-1.5 flex min-h-11 flex-wrap items-center justify-between gap-x-3">
        <p className="text-sm text-white/85">{label}</p>
        {toggle}
      </div>
      {amount ? (
        <BigAmount {...amount} />
      ) : (
        <p className="text-[min(2.6rem,13vw)] leading-tight font-bold">
          <Hidden dots="••••••" label={hiddenLabel} />
        </p>
      )}
      <dl className="mt-3 flex flex-wrap gap-x-7 gap-y-2 border-t border-white/25 pt-3">
        {details.map((detail) => (
          <div key={detail.label}>
            <dt className="text-sm text-white/85">{detail.label}</dt>
            <dd className="font-semibold">
              {amount ? detail.value : <Hidden dots="•••" label={hiddenLabel} />}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function BigAmount({ number, unit, unitFirst }: AmountParts) {
  const small = <span className="text-xl font-semibold text-white/85">{unit}</span>;
  // Long balances get a smaller font, so that the number stays on one line at 320 px.
  const size =
    number.length > 16 ? "text-lg" : number.length > 10 ? "text-2xl sm:text-4xl" : "text-[min(2.6rem,13vw)]";
  return (
    <p className="flex flex-wrap items-baseline gap-x-2.5 font-bold">
      {unitFirst && small}
      <span className={`${size} leading-tight tracking-tight`}>{number}</span>
      {!unitFirst && small}
    </p>
  );
}

function Hidden({ dots, label }: { dots: string; label: string }) {
  return (
    <>
      <span aria-hidden="true">{dots}</span>
      <span className="sr-only">{label}</span>
    </>
  );
}
