/** `https://pay.example`, `http://127.0.0.1:3001`, `*.pay.example`: what a host source of CSP level 3 may look like. */
const HOST_SOURCE = /^(?:https?:\/\/)?(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i;

/**
 * Where our forms may end: the providers' payment pages and the issuer of sign-in, from `FORM_ACTION_HOSTS` (commas
 * between). Chrome applies form-action to the redirects after a POST, so each host that we redirect to must be here.
 */
export function formActionHosts(): string[] {
  const hosts = (process.env.FORM_ACTION_HOSTS ?? "")
    .split(",")
    .map((host) => host.trim())
    .filter((host) => host !== "");
  const wrong = hosts.find((host) => !HOST_SOURCE.test(host));
  if (wrong !== undefined)
    throw new Error(`FORM_ACTION_HOSTS: ${wrong} should be an origin such as https://pay.example`);
  return hosts;
}

/** True when people reach us by https, as `BASE_URL` says: only then do browsers get HSTS and secure cookies. */
export function servedOverHttps(): boolean {
  return process.env.BASE_URL?.startsWith("https:") ?? false;
}

/** `next dev` needs eval and inline styles for its overlay; nothing else does. */
export function isDevelopment(): boolean {
  return process.env.NODE_ENV === "development";
}
