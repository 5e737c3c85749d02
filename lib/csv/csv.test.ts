import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { type CsvCell, csvRecord, csvStart, ENGLISH_CSV, FRENCH_CSV, MACHINE_CSV } from "./csv";

const DIALECTS = [FRENCH_CSV, ENGLISH_CSV, MACHINE_CSV];

/** As a spreadsheet reads a file whose separator it knows. */
function read(text: string, delimiter: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline: "\r\n" });
  expect(errors).toEqual([]);
  return data;
}

const cell = (value: CsvCell, dialect = FRENCH_CSV) => csvRecord([value, "x"], dialect);

describe("a record", () => {
  it("is read back as it was written, whatever stands in it", () => {
    const text = fc
      .string({ unit: "binary" })
      .filter((value) => !/[=+\-@|%＝＋－＠−\0]|^[\t\r\n]/u.test(value));
    const records = fc.array(fc.array(text, { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom(...DIALECTS), records, (dialect, rows) => {
        const written = rows.map((row) => csvRecord(row, dialect)).join("");
        expect(read(written, dialect.separator).slice(0, -1)).toEqual(rows);
      }),
    );
  });

  it("has no cell that a spreadsheet would run as a formula, at whatever separator it splits", () => {
    const start = fc.constantFrom(
      "=",
      "+",
      "-",
      "@",
      "\t=",
      " =",
      "\u200b=",
      "＝",
      "|",
      "a;=",
      "a, +",
      'a";@',
      "\r\n=",
      "a\t-",
    );
    const text = fc.tuple(start, fc.string()).map(([begin, rest]) => begin + rest);
    fc.assert(
      fc.property(
        fc.constantFrom(...DIALECTS),
        text,
        fc.constantFrom(",", ";", "\t"),
        (dialect, value, split) => {
          const written = csvRecord(["x", value, "y"], dialect);
          const cells = Papa.parse<string[]>(written, { delimiter: split }).data.flat();
          for (const each of cells) expect(each).not.toMatch(/^\s*"?\s*[=+\-@]/u);
        },
      ),
    );
  });

  it("writes decimal numbers exactly, with the dialect's mark", () => {
    expect(cell({ unscaled: -125_050n, decimals: 2 })).toBe("-1250,50;x\r\n");
    expect(cell({ unscaled: 5n, decimals: 2 })).toBe("0,05;x\r\n");
    expect(cell({ unscaled: 10n ** 15n, decimals: 0 })).toBe("1000000000000000;x\r\n");
    expect(cell({ unscaled: -125_050n, decimals: 2 }, ENGLISH_CSV)).toBe("-1250.50,x\r\n");
    expect(cell(-7n, MACHINE_CSV)).toBe("-7,x\r\n");
    expect(cell(null)).toBe(";x\r\n");
  });
});

it("files for spreadsheets begin with a byte order mark, files for programs don't", () => {
  expect([FRENCH_CSV, ENGLISH_CSV, MACHINE_CSV].map(csvStart)).toEqual(["\ufeff", "\ufeff", ""]);
});
