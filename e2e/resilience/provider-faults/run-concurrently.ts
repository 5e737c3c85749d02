/** Runs `work` for each member with limited concurrency, started in order. Throws the first failure when all have ended. */
export async function runConcurrently<T>(
  members: readonly T[],
  atOnce: number,
  work: (member: T) => Promise<void>,
): Promise<void> {
  const left = members[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const member of left) {
      try {
        await work(member);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failures.length > 0) throw failures[0];
}
