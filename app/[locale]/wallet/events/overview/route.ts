import { errorResponse } from "@/lib/http/define-route";
import { statusEvents } from "@/lib/http/status-events";
import { takeStreamPlace } from "@/lib/http/stream-places";
import { currentAddress, currentContext } from "@/lib/next/current-context";
import { requireUser } from "@/lib/services/context";
import { watchWalletProgress } from "@/lib/services/wallets/wallet-progress";

/** Server-sent events of the signed-in person's wallet: one `status` event once its money differs from `?since=`. */
export async function GET(request: Request): Promise<Response> {
  const context = await currentContext();
  const since = new URL(request.url).searchParams.get("since") ?? "";
  try {
    const userId = requireUser(context);
    const readStatus = await watchWalletProgress(context);
    const leave = takeStreamPlace(userId, await currentAddress(), "overview");
    return statusEvents({ since, readStatus, signal: request.signal, onEnd: leave });
  } catch (error) {
    return errorResponse(error, context.requestId, "overview-events");
  }
}
