import { RefusedError } from "../child-process";

/**
 * For a verb without a key that is asked twice: what the first time did, unheard, makes the second one be refused with `code`.
 * Answers `instead` then.
 */
export function ifRefused<T>(code: string, instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof RefusedError && error.code === code) return instead;
    throw error;
  };
}
