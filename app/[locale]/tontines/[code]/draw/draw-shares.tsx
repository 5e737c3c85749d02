import { getTranslations } from "next-intl/server";
import type { DrawShare, DrawView } from "@/lib/services/tontines/views/get-draw";

/** The shares with what was added to each; once drawn in their order, with the keys that gave it. */
export async function DrawShares({ draw }: { draw: DrawView }) {
  const t = await getTranslations("tontineDraw");
  const shares = [...draw.shares].sort((a, b) => (a.place ?? a.number) - (b.place ?? b.number));
  return (
    <ol className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
      {shares.map((share) => (
        <li key={share.number} className="py-2.5">
          <Line share={share} words={{ empty: t("nobody"), share: t("share", { number: share.number }) }} />
          <p className="text-sm text-muted">
            {share.added === "" ? t("nothingAdded") : t("added", { number: share.added })}
          </p>
          {share.key && <code className="block text-sm wrap-anywhere text-muted">{share.key}</code>}
        </li>
      ))}
    </ol>
  );
}

function Line({ share, words }: { share: DrawShare; words: { empty: string; share: string } }) {
  const names = <bdi>{share.names.join(", ") || words.empty}</bdi>;
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-4">
      <span className="min-w-0 font-semibold">
        {share.place === null ? (
          names
        ) : (
          <>
            {share.place}. {names}
          </>
        )}
      </span>
      <span className="text-sm text-muted">{words.share}</span>
    </div>
  );
}
