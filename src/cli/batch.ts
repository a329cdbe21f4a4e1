// `boxelder batch`: many small programs in one process. Each line of standard input is {"id", "source"}; each line of
// output is {"id", "value", "output", "error"}. Every program gets a VM of its own, so none can disturb the next.

import { createVM, type Host } from "../index.ts";
import type { OptionValues } from "../options.ts";
import { ConsoleHost, LineReader } from "./console-host.ts";
import { languageOf, partsFor, type Parts } from "./parts.ts";
import { vmOptions } from "./vm-options.ts";

/** One program that never ends must not keep the others from their answers; some seconds of work. */
const DEFAULT_FUEL = 500_000_000;

interface Request { readonly id: unknown; readonly source: string }
interface Answer { readonly id: unknown; readonly value: string | null; readonly output: string; readonly error: { readonly message: string } | null }

/** Always exit code 0: what went wrong is in the answers. */
export async function batch(values: OptionValues): Promise<number> {
  const language = languageOf("", values.language), parts = await partsFor(values, [language]);
  const lines = new LineReader(0), out = new ConsoleHost([]);
  for (let line = lines.next(); line !== null; line = lines.next()) {
    if (line.trim() === "") continue;
    out.write(new TextEncoder().encode(`${JSON.stringify(answer(line, values, parts, language))}\n`));
  }
  out.flush();
  return 0;
}

function answer(line: string, values: OptionValues, parts: Parts, language: string): Answer {
  const request = parseRequest(line);
  if ("problem" in request) return { id: request.id, value: null, output: "", error: { message: request.problem } };
  return evaluate(request, values, parts, language);
}

function parseRequest(line: string): Request | { readonly id: unknown; readonly problem: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (error) {
    return { id: null, problem: `malformed request: ${(error as Error).message}` };
  }
  const { id, source } = (typeof parsed === "object" && parsed !== null ? parsed : {}) as { id?: unknown; source?: unknown };
  return typeof source === "string" ? { id: id ?? null, source } : { id: id ?? null, problem: "malformed request: \"source\" must be a string" };
}

function evaluate(request: Request, values: OptionValues, parts: Parts, language: string): Answer {
  const written: Uint8Array[] = [];
  const host: Host = { write: (data) => void written.push(data.slice()), writeError() {}, readLine: () => null, args: [] };
  const output = (): string => new TextDecoder().decode(Buffer.concat(written));
  try {
    const result = createVM({ fuel: DEFAULT_FUEL, ...vmOptions(values, host), ...parts }).run(request.source, { language, name: "<batch>" });
    if (result.status === "done") return { id: request.id, value: result.value, output: output(), error: null };
    const message = result.kind === "syntax" ? result.diagnostics.map((found) => found.message).join("\n") : result.message;
    return { id: request.id, value: null, output: output(), error: { message } };
  } catch (error) {
    // One program that breaks the VM must not take the answers of the others with it.
    return { id: request.id, value: null, output: output(), error: { message: `internal error: ${(error as Error).message}` } };
  }
}
