import { describe, expect, it } from "vitest";
import {
  OVERVIEWS_OF_ADDRESS_MAX,
  OVERVIEWS_OF_USER_MAX,
  STREAMS_OF_ADDRESS_MAX,
  STREAMS_OF_USER_MAX,
  takeStreamPlace,
} from "./stream-places";

const take = (user: number, address: string) => takeStreamPlace(BigInt(user), address);
const times = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_, at) => make(at));

describe("open event streams", () => {
  it("of one user are at most five, from wherever, and one that ends makes room", () => {
    const open = times(STREAMS_OF_USER_MAX, (at) => take(1, `user ${at}`));
    expect(() => take(1, "user 9")).toThrow("rate_limited");
    const other = take(2, "user 0");
    open[0]?.();
    // Ending a stream twice makes no second place.
    open[0]?.();
    open[0] = take(1, "user 9");
    expect(() => take(1, "user 9")).toThrow("rate_limited");
    for (const leave of [...open, other]) leave();
  });

  it("of one address are at most twenty, of however many users", () => {
    const open = times(STREAMS_OF_ADDRESS_MAX, (at) => take(100 + at, "village"));
    expect(() => take(200, "village")).toThrow("rate_limited");
    // What the address refused counts for no user.
    for (const leave of times(STREAMS_OF_USER_MAX, (at) => take(200, `other ${at}`))) open.push(leave);
    for (const leave of open) leave();
  });
});

describe("open overviews", () => {
  it("have places of their own, three of one user and sixty of one address", () => {
    const overview = (user: number, address: string) => takeStreamPlace(BigInt(user), address, "overview");
    const open = times(OVERVIEWS_OF_USER_MAX, () => overview(300, "town"));
    expect(() => overview(300, "town")).toThrow("rate_limited");
    open.push(...times(OVERVIEWS_OF_ADDRESS_MAX - OVERVIEWS_OF_USER_MAX, (at) => overview(400 + at, "town")));
    expect(() => overview(500, "town")).toThrow("rate_limited");
    open.push(take(300, "town"));
    for (const leave of open) leave();
    overview(300, "town")();
  });
});
