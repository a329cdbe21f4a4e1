// What a script from the command line may have of the outside: everything, unless --sandbox or --allow say otherwise.

import { nodeSystem, SYSTEM_GRANTS, type SystemGrant } from "../node.ts";
import type { Host, SystemPart } from "../index.ts";
import { didYouMean, type OptionValues } from "../options.ts";
import type { ConsoleHost } from "./console-host.ts";
import { CommandError } from "./failures.ts";

export function grantsOf(values: OptionValues): readonly SystemGrant[] {
  if (values.allow === undefined) return values.sandbox === true ? [] : SYSTEM_GRANTS;
  return values.allow.split(",").map((word) => word.trim()).filter((word) => word !== "").map((word) => {
    const grant = SYSTEM_GRANTS.find((each) => each === word);
    if (grant === undefined) throw new CommandError(`--allow: there is no part '${word}'${didYouMean(word, SYSTEM_GRANTS)}; there is: ${SYSTEM_GRANTS.join(", ")}`);
    return grant;
  });
}

/** What the script has of the outside, and the streams and the clock it shares with us. */
export function outsideOf(values: OptionValues, host: ConsoleHost): { readonly system: SystemPart; readonly host: Partial<Host> } {
  const grants = grantsOf(values), { args, write, writeError, readLine, now, sleep, readFile, beforeWait } = host;
  const system = nodeSystem(grants, { beforeProcess: () => host.flush(), writeError: (text) => writeError(new TextEncoder().encode(text)) });
  const clock = grants.includes("clock") ? { now, sleep } : {}, files = grants.includes("files") ? { readFile } : {};
  return { system, host: { args, write, writeError, readLine, beforeWait, ...clock, ...files } };
}
