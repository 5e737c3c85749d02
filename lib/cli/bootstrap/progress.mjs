/** Steps as short lines: a sign, what it is, how long it took. On a terminal the running step has a line of its own. */
export function createProgress(out = process.stdout) {
  const live = out.isTTY === true;
  const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

  /** Runs `work` as a step; `slow` ones are announced where lines can't be rewritten. */
  async function step(label, work, { slow = false } = {}) {
    const from = performance.now();
    if (live) out.write(`… ${label}`);
    else if (slow) out.write(`… ${label}\n`);
    const close = (sign) => out.write(`${live ? "\r\u001b[2K" : ""}${sign} ${label}  ${seconds(from)}\n`);
    try {
      const result = await work();
      close("✓");
      return result;
    } catch (error) {
      close("✗");
      throw error;
    }
  }

  return {
    step,
    note: (text) => out.write(`${text}\n`),
    fail: (text) => process.stderr.write(`✗ ${text}\n`),
  };
}
