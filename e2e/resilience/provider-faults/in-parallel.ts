/** Does `work` for each member, so many at once, begun in order. The first failure is thrown when all have ended. */
export async function inParallel<T>(
  members: readonly T[],
  atOnce: number,
  work: (member: T) => Promise<void>,
): Promise<void> {
  const left = members[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async () => {
    for (const member of left) {
      try {
        await work(member);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (failures.length > 0) throw failures[0];
}
