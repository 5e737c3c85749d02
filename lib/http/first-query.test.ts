import { afterEach, describe, expect, it, vi } from "vitest";
import { firstQuery, isUnavailable } from "./first-query";

afterEach(() => {
  vi.useRealTimers();
});

const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });

describe("the first query of a page", () => {
  it("answers as it is", async () => {
    expect(await firstQuery(Promise.resolve(7))).toBe(7);
    await expect(firstQuery(Promise.reject(new TypeError("a mistake of ours")))).rejects.toThrow(TypeError);
  });

  it("that a database refuses means that it is away", async () => {
    await expect(firstQuery(Promise.reject(refused))).rejects.toMatchObject({ code: "unavailable" });
  });

  it("that a database doesn't answer is given up within three seconds", async () => {
    vi.useFakeTimers();
    const asked = firstQuery(new Promise(() => {}));
    const outcome = expect(asked).rejects.toMatchObject({ code: "unavailable" });
    await vi.advanceTimersByTimeAsync(3_000);
    await outcome;
  });

  it("is given up sooner once another of the request was not answered", async () => {
    vi.useFakeTimers({ now: Date.now() + 60_000 });
    const never = () => firstQuery(new Promise(() => {})).catch((error: unknown) => error);
    const first = never();
    await vi.advanceTimersByTimeAsync(2_100);
    await first;
    const second = never();
    await vi.advanceTimersByTimeAsync(300);
    expect(await second).toMatchObject({ code: "unavailable" });
  });

  it("waits its whole time again a second after one that was not answered, whatever was given up sooner meanwhile", async () => {
    vi.useFakeTimers({ now: Date.now() + 120_000 });
    const never = () => firstQuery(new Promise(() => {})).catch((error: unknown) => error);
    const first = never();
    await vi.advanceTimersByTimeAsync(2_100);
    await first;
    for (let waited = 0; waited < 900; waited += 300) {
      const sooner = never();
      await vi.advanceTimersByTimeAsync(300);
      expect(await sooner).toMatchObject({ code: "unavailable" });
    }
    await vi.advanceTimersByTimeAsync(200);
    const slow = firstQuery(new Promise((resolve) => setTimeout(resolve, 1_500, "found")));
    await vi.advanceTimersByTimeAsync(1_600);
    expect(await slow).toBe("found");
  });

  it("tells an outage from a mistake of ours", () => {
    expect(isUnavailable(refused)).toBe(true);
    expect(isUnavailable(new Error("column does not exist"))).toBe(false);
  });
});
