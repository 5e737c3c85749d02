import { invariant } from "@/lib/invariant";
import { formsIn } from "./action-endpoints";
import { ATTACKERS_PIN, type World } from "./world";

/** A PIN for each attacker, by the page's own form: only the app can hash one. */
export async function choosePins(world: World): Promise<void> {
  const action = world.actions.find(({ name }) => name === "savePin");
  invariant(action, "the build has the form for a PIN");
  const address = `${world.deployment.url}/wallet/settings/pin`;
  for (const { cookie } of world.attackers) {
    const html = await (await fetch(address, { headers: { cookie } })).text();
    const hidden = formsIn(html).get(action.id);
    invariant(hidden, "the page has its form");
    const form = new FormData();
    const version = /name="version" value="([^"]*)"/.exec(html)?.[1] ?? "";
    const typed: [string, string][] = [
      ["pin", ATTACKERS_PIN],
      ["pinAgain", ATTACKERS_PIN],
      ["version", version],
    ];
    for (const [name, value] of [...hidden, ...typed]) form.append(name, value);
    const headers = { cookie, origin: world.deployment.url };
    const answer = await fetch(address, { method: "POST", body: form, headers, redirect: "manual" });
    invariant(answer.status === 303, "a PIN is chosen");
    await answer.body?.cancel();
  }
}
