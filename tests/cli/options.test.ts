import { describe, expect, test } from "vitest";
import { environmentNameOf, flagOf, formatBytes, OptionError, OPTION_NAMES, parseOption, readEnvironment } from "../../src/options.ts";

test("names of flags and environment variables", () => {
  expect(flagOf("gcStressRate")).toBe("--gc-stress-rate");
  expect(environmentNameOf("gcStressRate")).toBe("BOXELDER_GC_STRESS_RATE");
  expect(new Set(OPTION_NAMES.map(flagOf)).size).toBe(OPTION_NAMES.length);
});

describe("values", () => {
  test.each([["1024k", 1024 ** 2], ["64m", 64 * 1024 ** 2], ["0.5G", 0.5 * 1024 ** 3], ["2MiB", 2 * 1024 ** 2], ["300000", 300_000]])("size %s", (text, bytes) => {
    expect(parseOption("memory", text, "--memory")).toBe(bytes);
  });
  test.each(["", "m", "1x", "-5m", "1e9", "255k", "2g", " 64m"])("size '%s' is refused", (text) => {
    expect(() => parseOption("memory", text, "--memory")).toThrow(OptionError);
  });
  test.each(["0", "-1", "1.5", "x", "", "1e3", "9007199254740993000"])("count '%s' is refused", (text) => {
    expect(() => parseOption("fuel", text, "--fuel")).toThrow(OptionError);
  });
  test.each([["0", 0], ["0.25", 0.25], ["1", 1]])("rate %s", (text, rate) => {
    expect(parseOption("gcStressRate", text, "x")).toBe(rate);
  });
  test.each(["1.01", "..", "-0.5", ""])("rate '%s' is refused", (text) => {
    expect(() => parseOption("gcStressRate", text, "x")).toThrow(OptionError);
  });
  test("switches", () => {
    expect([parseOption("peephole", "on", "x"), parseOption("peephole", "off", "x")]).toEqual([true, false]);
    expect(() => parseOption("peephole", "maybe", "x")).toThrow("x: expected on or off, got 'maybe'");
    expect([parseOption("poison", "1", "x"), parseOption("poison", "0", "x")]).toEqual([true, false]);
  });
});

test("environment", () => {
  expect(readEnvironment({ BOXELDER_FUEL: "10", BOXELDER_POISON: "1", PATH: "/bin" })).toEqual({ fuel: 10, poison: true });
  expect(() => readEnvironment({ BOXELDER_POISN: "1" })).toThrow("unknown environment variable BOXELDER_POISN (did you mean BOXELDER_POISON?)");
  expect(() => readEnvironment({ BOXELDER_FUEL: "much" })).toThrow("BOXELDER_FUEL: expected a number");
});

test.each([[1024, "1k"], [64 * 1024 ** 2, "64m"], [1000, "1000"], [1024 ** 3, "1g"]])("%d bytes are written %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
