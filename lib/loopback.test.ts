import { describe, expect, it } from "vitest";
import { endsOnThisMachine, isLoopbackHost, isLoopbackUrl } from "./loopback";

describe("addresses of this machine", () => {
  it.each([
    "http://localhost:3000",
    "http://127.0.0.1",
    "https://127.8.8.8/x",
    "http://[::1]:3001",
    "http://2130706433",
  ])("%s is one", (url) => {
    expect([isLoopbackUrl(url), endsOnThisMachine(url)]).toEqual([true, true]);
    expect(isLoopbackHost(new URL(url).hostname)).toBe(true);
  });

  it.each(["http://a.localhost", "http://[::ffff:127.0.0.1]", "http://0.0.0.0", "http://[::]"])(
    "%s ends here, but gets no clear text",
    (url) => {
      expect([isLoopbackUrl(url), endsOnThisMachine(url)]).toEqual([false, true]);
    },
  );

  it.each([
    "https://api.getmipay.com",
    "http://localhost.example",
    "http://128.0.0.1",
    "http://127.0.0.1.example",
    "",
  ])("%s is another's", (url) => {
    expect([isLoopbackUrl(url), endsOnThisMachine(url)]).toEqual([false, false]);
  });

  it("is a web address", () => {
    expect(isLoopbackUrl("ftp://localhost")).toBe(false);
  });
});
