import { getTranslations } from "next-intl/server";
import { OPERATION_STATUSES, OPERATION_TYPES } from "@/lib/services/operations/kinds";
import type { ListOperations } from "@/lib/services/operations/schema";
import { Button } from "@/lib/ui/button";
import { STATE_OF } from "../present-operation";

const CONTROL = "min-h-12 w-full min-w-0 rounded-field border border-edge bg-card px-3 text-base";

/** Search and filters as a plain GET form: the address of the page says what it shows. */
export async function HistoryFilter({ path, input }: { path: string; input: ListOperations }) {
  const [t, kinds, states] = await Promise.all([
    getTranslations("history"),
    getTranslations("kinds"),
    getTranslations("states"),
  ]);
  return (
    <search>
      <form
        action={path}
        className="no-print mb-4 grid grid-cols-2 gap-2 sm:grid-cols-[2fr_1fr_1fr_auto] lg:sticky lg:top-6 lg:grid-cols-1 lg:gap-3"
      >
        <label className="col-span-2 sm:col-span-1">
          <span className="mb-1 block text-sm text-muted">{t("search")}</span>
          <input type="search" name="text" maxLength={40} defaultValue={input.text} className={CONTROL} />
        </label>
        <label>
          <span className="mb-1 block text-sm text-muted">{t("filterType")}</span>
          <select name="type" defaultValue={input.type ?? ""} className={CONTROL}>
            <option value="">{t("allTypes")}</option>
            {OPERATION_TYPES.map((type) => (
              <option key={type} value={type}>
                {kinds(type === "transfer" ? "transfers" : type)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="mb-1 block text-sm text-muted">{t("filterState")}</span>
          <select
            name="status"
            defaultValue={typeof input.status === "string" ? input.status : ""}
            className={CONTROL}
          >
            <option value="">{t("allTypes")}</option>
            {OPERATION_STATUSES.map((status) => (
              <option key={status} value={status}>
                {states(STATE_OF[status])}
              </option>
            ))}
          </select>
        </label>
        <Button variant="secondary" className="col-span-2 self-end sm:col-span-1">
          {t("apply")}
        </Button>
      </form>
    </search>
  );
}
