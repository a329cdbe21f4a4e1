// `boxelder resume`: goes on with a script from its last checkpoint.

import { describeImage } from "../image/describe.ts";
import type { OptionValues } from "../options.ts";
import { readImageFile, refusals, runWithCheckpoints } from "./checkpoint.ts";
import { ConsoleHost } from "./console-host.ts";
import { CommandError } from "./failures.ts";
import { partsFor } from "./parts.ts";
import { DEFAULT_EVERY } from "./run.ts";
import { Session } from "./session.ts";

/** Runs the rest of the script, with further checkpoints in the same file unless another is given, and returns the exit code. */
export async function resume(values: OptionValues, file: string): Promise<number> {
  const image = readImageFile(file), { languages, parked } = refusals(file, () => describeImage(image));
  if (parked !== "fuel") throw new CommandError(`${file}: there is no run to go on with in this image, it was made ${parked === "no" ? "between runs" : "while the run waited"}`);
  const host = new ConsoleHost([]), every = values.every ?? DEFAULT_EVERY, all = values.fuel ?? Infinity, parts = await partsFor(values, languages);
  const session = refusals(file, () => new Session(values, host, parts, image));
  const first = await session.vm.resumeAsync({ fuel: Math.min(every, all) });
  const result = await runWithCheckpoints(session, first, host, { path: values.checkpoint ?? file, every, all, compress: values.compress === true, thaw: values.thaw === true });
  if (result.status === "error") {
    const { failureJson, failureText, styleOf } = await import("./report.ts");
    host.writeError(new TextEncoder().encode(values.jsonErrors === true ? failureJson(result) : failureText(result, session.vm, styleOf(values))));
  }
  session.finish();
  const leaks = values.checkLeaks === true && (await import("./leaks.ts")).reportLeaks(session.vm);
  return result.status === "error" ? result.exitCode : leaks ? 1 : 0;
}
