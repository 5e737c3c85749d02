import type { Violation } from "../scenario";
import { ask } from "./ask";
import { strangersName, withCaller } from "./cells";
import type { Door } from "./find-endpoints";
import { comparable } from "./oracle";
import { NOBODYS, type Things } from "./things";
import type { Trial } from "./try-endpoints";

/** What is somebody else's is answered to the letter like what isn't there. */
export async function compareWithNobodys(
  { people, callers, deployment, tally }: Pick<Trial, "people" | "callers" | "deployment" | "tally">,
  door: Door,
  number: number,
): Promise<Violation[]> {
  const caller = callers.find(({ name }) => name === strangersName(door));
  if (caller === undefined) return [];
  const answerTo = async (things: Things) => {
    const ids: string[] = [];
    const asked = await door.make({ of: recorded(things, ids), actor: null, people });
    const answer = await ask(deployment.url, withCaller(asked, caller));
    tally.cells += 1;
    return comparable(answer, ids);
  };
  const [theirs, nobodys] = [await answerTo(people.owner), await answerTo(NOBODYS)];
  if (theirs === nobodys) return [];
  const difference = firstDifference(theirs, nobodys);
  const what = `${caller.name} at ${door.name}: what is somebody's is answered as what is nobody's, but the answers differ ${difference}`;
  return [{ case: number, what }];
}

function firstDifference(one: string, two: string): string {
  let at = 0;
  while (at < one.length && one[at] === two[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 40), at + 60));
  return `at ${at}: ${around(one)} and ${around(two)}`;
}

function recorded(things: Things, ids: string[]): Things {
  const keep = (make: () => Promise<string>) => async () => {
    const id = await make();
    ids.push(id);
    return id;
  };
  return {
    session: keep(() => things.session()),
    pendingDeposit: keep(() => things.pendingDeposit()),
    vault: keep(() => things.vault()),
    emptyVault: keep(() => things.emptyVault()),
    transferQuote: keep(() => things.transferQuote()),
    withdrawalQuote: keep(() => things.withdrawalQuote()),
    expiredKey: keep(() => things.expiredKey()),
    liveKey: keep(() => things.liveKey()),
    refreshToken: keep(() => things.refreshToken()),
  };
}
