import { invariant } from "@/lib/invariant";
import type { Provider } from "@/lib/providers/provider";
import { getProvider } from "@/lib/providers/registry";
import type { OperationRow } from "./store";

/** Who moves a deposit's or a withdrawal's money outside. Throws InvariantError when it isn't configured any more. */
export function providerOf(operation: OperationRow): Provider {
  invariant(operation.provider !== null, "what stays in the deployment has no provider");
  return getProvider(operation.provider);
}
