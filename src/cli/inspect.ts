// `boxelder inspect`: what is in an image, in words or as JSON.

import { internalsOf } from "../api.ts";
import { describeImage, type ImageDescription } from "../image/describe.ts";
import { restoreVM } from "../index.ts";
import type { OptionValues } from "../options.ts";
import { trace } from "../vm/stack.ts";
import { readImageFile, refusals } from "./checkpoint.ts";
import { ConsoleHost } from "./console-host.ts";
import { partsFor } from "./parts.ts";

/** Shows a whole image; of a delta, only what it says about itself. Exit code 1 when it is not fit to run. */
export async function inspect(values: OptionValues, file: string): Promise<number> {
  const image = readImageFile(file), facts = refusals(file, () => describeImage(image)), host = new ConsoleHost([]);
  const inside = facts.isDelta ? null : await insideOf(file, image, facts);
  const text = values.json === true ? JSON.stringify({ ...facts, ...inside }) : [...lines(facts), ...(inside === null ? [] : insideLines(inside))].join("\n");
  host.write(new TextEncoder().encode(`${text}\n`));
  host.flush();
  return 0;
}

interface Inside { readonly frames: readonly { readonly name: string; readonly source: string; readonly line: number; readonly column: number }[]; readonly globals: readonly string[] }

/** What only a VM can tell. Functions of the host stay what they are: names. */
async function insideOf(file: string, image: Uint8Array, { languages }: ImageDescription): Promise<Inside> {
  const parts = await partsFor({}, languages), { vm } = internalsOf(refusals(file, () => restoreVM(image, { languages: parts.languages })));
  const frames = trace(vm).map(({ name, source, line, column }) => ({ name, source, line, column }));
  return { frames, globals: vm.globals.names().filter((name) => !/^\$|^lisp:%/.test(name)) };
}

function lines(facts: ImageDescription): string[] {
  const { sections, ...rest } = facts;
  const simple = Object.entries(rest).map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") : String(value)}`);
  return [...simple, "sections:", ...sections.map(({ tag, bytes }) => `  ${tag} ${bytes} bytes`)];
}

/** Globals named in the text form. */
const SHOWN = 40;

function insideLines({ frames, globals }: Inside): string[] {
  const names = globals.slice(-SHOWN), more = globals.length - names.length;
  return [
    `frames: ${frames.length}`, ...frames.map(({ name, source, line, column }, i) => `  #${i}  ${name} (${source}:${line}:${column})`),
    `globals: ${globals.length}`, ...(names.length === 0 ? [] : [`  ${more > 0 ? `… ${more} older …, ` : ""}${names.join(", ")}`]),
  ];
}
