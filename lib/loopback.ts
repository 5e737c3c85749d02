/** True for a host name of this machine, as `URL` writes it: `localhost`, 127.0.0.0/8 and `[::1]`. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** True for a web address on this machine, where clear text and our sandbox are allowed. */
export function isLoopbackUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return /^https?:$/.test(protocol) && isLoopbackHost(hostname);
}

/** As {@link isLoopbackUrl}, with every other spelling that ends on this machine: what production refuses. */
export function endsOnThisMachine(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { hostname } = new URL(value);
  return (
    isLoopbackHost(hostname) ||
    hostname.endsWith(".localhost") ||
    hostname === "0.0.0.0" ||
    hostname === "[::]" ||
    /^\[::ffff:7f/.test(hostname)
  );
}
