import { isCurrency } from "@/lib/money/currency";
import { money } from "@/lib/money/money";
import { reconcile } from "@/lib/services/reconciliation/reconcile";
import type { BreakView, Reconciliation } from "@/lib/services/reconciliation/view";
import { type Deployment, RefusedError } from "./deployment";
import { formatTable, plainMinute, plainMoney } from "./format";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Compares our book with every provider's, by default of the last day. Answers 0 when all were compared and no break is open. */
export async function reportReconciliation(
  { context, print }: Deployment,
  range: { from: Date | null; to: Date | null },
): Promise<number> {
  const to = range.to ?? context.now;
  const from = range.from ?? new Date(to.getTime() - DAY_MS);
  if (from >= to) throw new RefusedError("There is no time between --from and --to.");
  const results = await reconcile(context, { from, to });
  for (const result of results) sayWindow(print, result);
  const breaks = results.flatMap((result) => result.breaks);
  if (breaks.length === 0) {
    print("No break is open.");
    return results.some(({ problem }) => problem !== null) ? 1 : 0;
  }
  const head = ["break", "since", "provider", "way", "what", "reference", "ours", "theirs"];
  for (const line of formatTable(head, breaks.map(rowOf))) print(line);
  return 1;
}

function sayWindow(print: Deployment["print"], result: Reconciliation): void {
  const { provider, window, isListed, compared, undecided, totals, opened, resolved } = result;
  if (!isListed) {
    print(`${provider}: it has no list of its transactions, so nothing was compared.`);
    return;
  }
  if (result.problem !== null) {
    print(`${provider}: its book can't be read just now (${result.problem}), so nothing was compared.`);
    return;
  }
  const left = undecided === 0 ? "" : `, ${undecided} too recent, or not to be queried just now`;
  const change = `${opened} new, ${resolved} ended`;
  print(
    `${provider}, ${plainMinute(window.from)} to ${plainMinute(window.to)}: ${compared} compared, ${change}${left}`,
  );
  for (const { direction, currency, ourMinor, theirMinor } of totals) {
    const [ours, theirs] = [amountOf(ourMinor, currency), amountOf(theirMinor, currency)];
    print(`  ${direction === "in" ? "in " : "out"}  ours ${ours}, theirs ${theirs}`);
  }
}

function rowOf(shown: BreakView): string[] {
  const { id, foundAt, provider, direction, kind, subject, currency } = shown;
  return [
    id.toString(),
    plainMinute(foundAt),
    provider,
    direction,
    kind.replaceAll("_", " "),
    subject,
    `${shown.ourState ?? "nothing"} ${amountOf(shown.ourMinor, currency)}`,
    `${shown.theirState ?? "nothing"} ${amountOf(shown.theirMinor, currency)}`,
  ];
}

/** A currency that isn't ours has no decimals that we know of. */
function amountOf(amountMinor: bigint | null, currency: string): string {
  if (amountMinor === null) return `? ${currency}`;
  return isCurrency(currency)
    ? plainMoney(money(amountMinor, currency))
    : `${amountMinor} (minor) ${currency}`;
}
