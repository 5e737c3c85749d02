// The failpoints around what a caller or the job queue is told.
import type { TaskList } from "graphile-worker";
import type { ApiRoute } from "@/lib/api/define-call";
import { API_CALLS } from "@/lib/api/route-table";
import type { JobName } from "@/lib/services/outbox/enqueue-job";
import { callWithFailpoints, hitFailpoint } from "./failpoint";

/** Every job. A new one doesn't compile until it is here. */
const JOBS: Readonly<Record<JobName, true>> = {
  submit_withdrawal: true,
  check_deposit: true,
  complete_pin_reset: true,
  process_webhook: true,
  reconcile: true,
  send_message: true,
  deliver_notice: true,
  make_statement_file: true,
};

/** `api/wallet/transfer:before-answer`; null for a route that changes nothing. All webhooks share one. */
function answerOf({ method, path, hasEffects }: Pick<ApiRoute, "method" | "path" | "hasEffects">) {
  if (path.startsWith("/webhook/")) return "webhook:before-answer";
  return method === "GET" && !hasEffects ? null : `${path.slice(1)}:before-answer`;
}

/** Their names: before each answer of the API that follows a change, before and after each job. */
export function acknowledgementFailpoints(): string[] {
  const answers = API_CALLS.map(answerOf).filter((name) => name !== null);
  const jobs = Object.keys(JOBS).flatMap((job) => [`jobs/${job}:before-task`, `jobs/${job}:after-task`]);
  return [...answers, "webhook:before-answer", ...jobs];
}

/** The route with a failpoint after its work and before its response is sent. */
export function observeRoute(route: ApiRoute): ApiRoute {
  const name = answerOf(route);
  if (name === null) return route;
  const handler: ApiRoute["handler"] = async (request) => {
    const response = await route.handler(request);
    hitFailpoint(name);
    return response;
  };
  return { ...route, handler };
}

/** The tasks with a failpoint before the work, and one before the queue hears that it is done. */
export function observeTasks(tasks: TaskList): TaskList {
  const observed = Object.entries(tasks).map(([job, task]) => [
    job,
    (...args: Parameters<NonNullable<typeof task>>) =>
      callWithFailpoints(`jobs/${job}`, "task", () => task?.(...args)),
  ]);
  return Object.fromEntries(observed);
}
