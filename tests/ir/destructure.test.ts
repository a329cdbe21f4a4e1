import { expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import { boundVariables, destructure, receiveValues, values, type Target } from "../../src/ir/destructure.ts";
import { optimise } from "../../src/ir/optimise.ts";
import { printProgram } from "../../src/ir/print.ts";
import { golden } from "../support/golden.ts";
import { main } from "./samples.ts";

const slice = "array.slice";

test("nested patterns with defaults and rest", () => {
  const x = b.variable("x"), y = b.variable("y"), z = b.variable("z"), rest = b.variable("rest");
  const target: Target = {
    target: "array", rest,
    elements: [
      { target: "variable", variable: x }, null,
      { target: "object", default: b.object([]), fields: [{ name: "y", to: { target: "variable", variable: y } }, { name: "deep", to: { target: "array", elements: [{ target: "variable", variable: z, default: b.int(1) }] } }] },
    ],
  };
  expect(boundVariables(target)).toEqual([x, y, z, rest]);
  const body = b.scope(boundVariables(target), b.block([destructure(target, b.global("source"), { slice }), b.array([b.local(x), b.local(rest)])]));
  golden("ir/destructure", printProgram(optimise(main(body), { level: 1 })));
});

test("several values", () => {
  const q = b.variable("q"), r = b.variable("r");
  const producer = values([b.binary("Div", b.int(7), b.int(2)), b.binary("Mod", b.int(7), b.int(2))]);
  golden("ir/values", printProgram(optimise(main(receiveValues([q, r], producer, b.binary("Add", b.local(q), b.local(r)), { slice })), { level: 0 })));
});
