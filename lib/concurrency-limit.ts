/** At most so many things of one key at a time, counted in this process. */
export class ConcurrencyLimit {
  private readonly running = new Map<string, number>();

  constructor(readonly max: number) {}

  /** Takes a place; null when none is left. Call what it answers, once, when the work has ended. */
  take(key: string): (() => void) | null {
    const count = this.running.get(key) ?? 0;
    if (count >= this.max) return null;
    this.running.set(key, count + 1);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const left = (this.running.get(key) ?? 1) - 1;
      if (left > 0) this.running.set(key, left);
      else this.running.delete(key);
    };
  }
}
