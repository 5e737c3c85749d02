/** The secrets of a variable that takes several, newest first, with commas between; one empty secret where it is empty. */
export function secretsIn(variable: string): [string, ...string[]] {
  const [newest = "", ...older] = variable.split(",").map((secret) => secret.trim());
  return [newest, ...older];
}
