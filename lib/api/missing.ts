import { DomainError } from "@/lib/errors";
import { defineRoute } from "@/lib/http/define-route";

/** What no route answers below /api and /webhook: 404 in JSON, as a caller of an API expects. */
export const missingRoute = defineRoute({ name: "missing" }, async () => {
  throw new DomainError("not_found");
});
