/** Accounts of the transfers: `uniform` between random wallets, `hot` from every wallet to one merchant's. */
export type Load = "uniform" | "hot";

export interface CallersRun {
  callers: number;
  durationMs: number;
  signal: AbortSignal;
}

export interface CallersResult {
  count: number;
  perSecond: number;
  /** How many cores this Node process used. */
  nodeCores: number;
}

/** `callers` loops of `call`, each calling again when it is answered; adds up what they answer. Throws what they throw. */
export async function runCallers(run: CallersRun, call: () => Promise<number>): Promise<CallersResult> {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const endsAt = startedAt + run.durationMs;
  let count = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() < endsAt && !run.signal.aborted) {
      const answered = await call();
      // Not `count += await …`, which reads the count before it waits.
      count += answered;
    }
  };
  await Promise.all(Array.from({ length: run.callers }, loop));
  run.signal.throwIfAborted();
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { count, perSecond: (count * 1000) / elapsedMs, nodeCores: (user + system) / 1000 / elapsedMs };
}
