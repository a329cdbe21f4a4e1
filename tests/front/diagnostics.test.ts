import { describe, expect, test } from "vitest";
import { diagnose, diagnosticJson, editDistance, PLAIN_STYLE, renderDiagnostic, suggest } from "../../src/text/diagnostics.ts";
import { formatMessage, MESSAGES } from "../../src/text/messages.ts";
import { Source } from "../../src/text/source.ts";
import { compileText } from "./support.ts";

const render = (text: string, start: number, end: number): string[] => renderDiagnostic(diagnose(new Source("f.hml", text), "E202", { start, end })).split("\n");

describe("rendering", () => {
  test("place, message, line, caret", () => {
    expect(render("let x = ;", 8, 9)).toEqual(["f.hml:1:9: error: expected an expression [E202]", "  let x = ;", "          ^"]);
  });
  test("spans are underlined, to the end of their first line at most", () => {
    expect(render("ab\ncd ef\ngh", 6, 11)).toEqual(["f.hml:2:4: error: expected an expression [E202]", "  cd ef", "     ^^"]);
  });
  test("an empty span at the end of the text", () => {
    expect(render("ab", 2, 2)).toEqual(["f.hml:1:3: error: expected an expression [E202]", "  ab", "    ^"]);
    expect(render("", 0, 0)).toEqual(["f.hml:1:1: error: expected an expression [E202]", "  ", "  ^"]);
  });
  test("tabs and control characters keep the caret aligned", () => {
    expect(render("\tx\0 = ;", 6, 7).slice(1)).toEqual(["      x\ufffd = ;", `${" ".repeat(11)}^`]);
  });
  test("characters beyond the basic plane count as one column", () => {
    expect(render("😀 ;", 3, 4)).toEqual(["f.hml:1:3: error: expected an expression [E202]", "  😀 ;", "    ^"]);
  });
  test("long lines are clipped around the caret", () => {
    const text = `${"a".repeat(1000)}!${"b".repeat(1000)}`;
    const [, line, caret] = render(text, 1000, 1001);
    expect(line!.length).toBeLessThan(130);
    expect(line![caret!.indexOf("^")]).toBe("!");
    for (const at of [0, 5, 1995, 2000]) {
      const [, shown, mark] = render(text, at, at + 1);
      expect(shown![mark!.indexOf("^")]).toBe(text[at]);
    }
  });
  test("colours are functions of the caller", () => {
    const style = { ...PLAIN_STYLE, error: (text: string) => `<${text}>` };
    const shown = renderDiagnostic(diagnose(new Source("f", ";"), "E202", { start: 0, end: 1 }), style);
    expect(shown).toContain("<error:>");
    expect(shown).toContain("<^>");
  });
  test("JSON", () => {
    expect(diagnosticJson(diagnose(new Source("f", "\n ;"), "W401", { start: 2, end: 3 }, ["x"], "try y")))
      .toEqual({ file: "f", line: 2, column: 2, endLine: 2, endColumn: 3, severity: "warning", code: "W401", message: formatMessage("W401", ["x"]), hint: "try y" });
  });
});

describe("messages", () => {
  test("every placeholder is filled in order", () => {
    for (const code of Object.keys(MESSAGES) as (keyof typeof MESSAGES)[]) expect(formatMessage(code, ["A", "B"])).not.toMatch(/[{]\d[}]/);
    expect(formatMessage("E111", ["octal", "0o"])).toBe("expected octal digit after '0o'");
  });
});

describe("suggestions", () => {
  test("edit distance", () => {
    expect([editDistance("", "abc"), editDistance("abc", "abc"), editDistance("abcd", "acbd"), editDistance("kitten", "sitting")]).toEqual([3, 0, 1, 3]);
  });
  test("the nearest name, when near enough", () => {
    expect(suggest("pritn", ["point", "print", "paint"])).toBe("print");
    expect(suggest("lenght", ["length"])).toBe("length");
    expect(suggest("x", ["y", "z"])).toBe(null);
    expect(suggest("completely", ["different"])).toBe(null);
  });
  test("undefined names come with one", () => {
    expect(compileText("let counter = 1; print(couter);").diagnostics.map(({ code, hint }) => [code, hint])).toEqual([["W401", "did you mean 'counter'?"]]);
    expect(compileText("fn f() { let value = 1; return valu; } prnt(1);").diagnostics.map(({ hint }) => hint)).toEqual(["did you mean 'value'?", "did you mean 'print'?"]);
  });
});
