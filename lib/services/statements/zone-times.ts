/** Days and times of a zone, as statements write them. */
export interface ZoneTimes {
  /** The numbers of a day and a time: `2026`, `11`, `30`, `14:02`. */
  parts(at: Date): { year: string; month: string; day: string; time: string };
  /** What the zone is called: `GMT+1`. */
  name: string;
}

/** For an IANA zone; made once a statement, since making it costs more than using it. */
export function timesIn(zone: string, now: Date): ZoneTimes {
  const format = new Intl.DateTimeFormat("en-GB", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: zone,
  });
  const named = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "shortOffset" });
  const name = named.formatToParts(now).find(({ type }) => type === "timeZoneName")?.value ?? zone;
  return {
    name: name === "GMT+0" ? "GMT" : name,
    parts(at) {
      // `30/11/2026, 14:02`
      const text = format.format(at);
      return {
        day: text.slice(0, 2),
        month: text.slice(3, 5),
        year: text.slice(6, 10),
        time: text.slice(12, 17),
      };
    },
  };
}
