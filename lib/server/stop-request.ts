/** The signals that ask a process to end. A closed terminal sends SIGHUP. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

// npm passes Ctrl-C on although the terminal has sent it to everybody already.
const ECHO_MS = 400;

export interface StopRequest {
  isRequested(): boolean;
  /** Resolves with the reason when one is given: an error of ours, or undefined for a signal. */
  requested: Promise<Error | undefined>;
  /** Asks for the stop ourselves. */
  request(reason: Error): void;
}

/** Listens for the signals; `onSecond` runs at a second one. */
export function listenForStop(onSecond: () => void): StopRequest {
  let requestedAt: number | undefined;
  let settle: (reason: Error | undefined) => void = () => {};
  const requested = new Promise<Error | undefined>((resolve) => {
    settle = resolve;
  });
  const request = (reason: Error | undefined): void => {
    requestedAt ??= Date.now();
    settle(reason);
  };
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (requestedAt === undefined) return request(undefined);
      if (Date.now() - requestedAt > ECHO_MS) onSecond();
    });
  }
  return { isRequested: () => requestedAt !== undefined, requested, request };
}

/**
 * For a launcher's child: runs `stop` once, on a signal or when the launcher is gone (its channel closes),
 * and ends the process: with 0 when it stopped in time.
 */
export function stopWithLauncher(stop: () => Promise<void>, withinMs: number): void {
  let isStopping = false;
  const end = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), withinMs).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of SIGNALS) process.on(signal, end);
  process.once("disconnect", end);
}

/** Tells the launcher, if there is one, that this child does its work. */
export function reportReady(): void {
  process.send?.({ ready: true });
}
