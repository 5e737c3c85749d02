import { type APIRequestContext, test as base } from "@playwright/test";
import { groupReference } from "@/lib/ids";
import { APP_URL, type Deployment, openDeployment, type Person } from "./started-deployment";

export { expect } from "@playwright/test";

interface ApiFixtures {
  person: Person;
  /** Requests with the session of `person`. */
  signedIn: APIRequestContext;
  /** Another person, and requests with their session. */
  stranger: Person;
  asStranger: APIRequestContext;
}

export const test = base.extend<ApiFixtures, { deployment: Deployment }>({
  deployment: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here
    async ({}, use) => {
      const deployment = openDeployment();
      await use(deployment);
      await deployment.close();
    },
    { scope: "worker" },
  ],
  person: async ({ deployment }, use) => use(await deployment.createPerson()),
  stranger: async ({ deployment }, use) => use(await deployment.createPerson()),
  signedIn: async ({ playwright, person }, use) => {
    const context = await playwright.request.newContext(optionsOf(person));
    await use(context);
    await context.dispose();
  },
  asStranger: async ({ playwright, stranger }, use) => {
    const context = await playwright.request.newContext(optionsOf(stranger));
    await use(context);
    await context.dispose();
  },
});

function optionsOf({ cookie }: Person) {
  const headers = { cookie: `${cookie.name}=${cookie.value}`, "accept-language": "fr" };
  return { baseURL: APP_URL, maxRedirects: 0, extraHTTPHeaders: headers };
}

/** A page without what differs between any two responses: scripts, nonces and `own` texts, references in groups too. */
export function comparable(html: string, ...own: string[]): string {
  const shown = html.replace(/<script\b[\s\S]*?<\/script>/g, "").replace(/nonce="[^"]*"/g, "");
  const parts = [...own, ...own.map(groupReference)];
  return parts.reduce((text, part) => text.replaceAll(part, "…"), shown);
}
