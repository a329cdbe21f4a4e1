// A line on standard error that tells how far a long command is, when somebody watches.

import { isTerminal } from "./thread.ts";

/** The next line replaces it; an empty one takes it away. */
export function progress(text: string): void {
  if (isTerminal("stderr")) process.stderr.write(`\r\u001b[K${text}`);
}
