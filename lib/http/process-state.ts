// On globalThis, since Next's bundle and the server in front of it are one process with two copies of this file.
const STOPPING = Symbol.for("cauris.stopping");

/** Called when the process begins to stop, before it finishes its last requests. `false` resets it, for tests. */
export function setStopping(isStopping = true): void {
  Reflect.set(globalThis, STOPPING, isStopping);
}

/** True once the process is about to stop: it isn't ready any more, and long answers end. */
export function isStopping(): boolean {
  return Reflect.get(globalThis, STOPPING) === true;
}
