import type { Violation } from "../scenario";
import type { AccessRun } from "./access-run";
import { strangerName, withCaller } from "./cells";
import type { Endpoint } from "./find-endpoints";
import { NONEXISTENT, type ObjectIds, recordIds } from "./object-ids";
import { comparable } from "./oracle";
import { send } from "./raw-request";

/** Requests another user's object and one that doesn't exist: both responses must be the same but for the ids. */
export async function compareWithNonexistent(
  { people, callers, deployment, tally }: Pick<AccessRun, "people" | "callers" | "deployment" | "tally">,
  endpoint: Endpoint,
  number: number,
): Promise<Violation[]> {
  const caller = callers.find(({ name }) => name === strangerName(endpoint));
  if (caller === undefined) return [];
  const responseFor = async (ids: ObjectIds) => {
    const used: string[] = [];
    const request = await endpoint.request({ ids: recordIds(ids, used), actor: null, people });
    const response = await send(deployment.url, withCaller(request, caller));
    tally.cells += 1;
    return comparable(response, used);
  };
  const [existing, missing] = [await responseFor(people.owner), await responseFor(NONEXISTENT)];
  if (existing === missing) return [];
  const difference = firstDifference(existing, missing);
  const what = `${caller.name} at ${endpoint.name}: expected the same response for another user's object as for a missing one, but they differ ${difference}`;
  return [{ case: number, what }];
}

function firstDifference(one: string, two: string): string {
  let at = 0;
  while (at < one.length && one[at] === two[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 40), at + 60));
  return `at ${at}: ${around(one)} and ${around(two)}`;
}
