// `run` as the entry of a bundle of its own, for Hemlock alone. Errors are reported in here: their classes are not those of
// the bundle that calls.

import { exitCodeOf } from "./failures.ts";
import { run as runScript } from "./run.ts";

export const run: typeof runScript = async (...words) => {
  try {
    return await runScript(...words);
  } catch (error) {
    return exitCodeOf(error);
  }
};
