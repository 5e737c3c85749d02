interface SecondBalanceProps {
  /** "Solde disponible en nairas". */
  label: string;
  /** Null while the person hides it: the number isn't sent. */
  amount: string | null;
  hiddenLabel: string;
  details: readonly { label: string; value: string }[];
}

/** The balance in another currency, below the first. */
export function SecondBalance({ label, amount, hiddenLabel, details }: SecondBalanceProps) {
  const shown = (value: string) => (amount === null ? <HiddenAmount label={hiddenLabel} /> : value);
  return (
    <section aria-label={label} className="mt-2.5 rounded-card border border-line bg-card px-5 py-3.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="text-sm text-muted">{label}</p>
        <p className="text-xl font-bold tracking-tight">{shown(amount ?? "")}</p>
      </div>
      {details.length > 0 && (
        <dl className="mt-2 flex flex-wrap gap-x-7 gap-y-2 border-t border-line pt-2">
          {details.map((detail) => (
            <div key={detail.label}>
              <dt className="text-sm text-muted">{detail.label}</dt>
              <dd className="font-semibold">{shown(detail.value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function HiddenAmount({ label }: { label: string }) {
  return (
    <>
      <span aria-hidden="true">•••</span>
      <span className="sr-only">{label}</span>
    </>
  );
}
