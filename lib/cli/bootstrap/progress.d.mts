export interface Progress {
  step<T>(label: string, work: () => Promise<T>, options?: { slow?: boolean }): Promise<T>;
  note(text: string): void;
  fail(text: string): void;
}

/** Steps as short lines: a sign, what it is, how long it took. */
export function createProgress(): Progress;
