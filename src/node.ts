// The entry point boxelder/node: what scripts may have of a Node process. Each part is given by name; what is left out, a
// script's builtins refuse by the name of the missing capability.

import { environmentNatives, environmentOf } from "./node/environment.ts";
import { Folder, fileSystemNatives } from "./node/file-system.ts";
import { CLOCK_NATIVES } from "./node/clock.ts";
import { CRYPTOGRAPHY_NATIVES } from "./node/cryptography.ts";
import { DIGEST_NATIVES } from "./node/digests.ts";
import { ForeignFunctions } from "./node/foreign/functions.ts";
import { openFileNatives } from "./node/open-files.ts";
import { processNatives } from "./node/processes.ts";
import { Fetches } from "./node/http.ts";
import { pollNative } from "./node/polling.ts";
import { Sockets, socketNatives } from "./node/sockets.ts";
import { Databases, sqliteNatives } from "./node/sqlite.ts";
import { SYSTEM_NATIVES } from "./node/system.ts";
import { WebSockets } from "./node/web-sockets.ts";
export { nodeWorkers, type NodeWorkersOptions } from "./node/workers.ts";
import type { Native, SystemPart } from "./vm/native.ts";

export const SYSTEM_GRANTS = ["files", "environment", "processes", "clock", "system", "digests", "cryptography", "network", "databases", "foreign"] as const;
export type SystemGrant = (typeof SYSTEM_GRANTS)[number];

export interface NodeSystemOptions {
  /** Folder that relative paths are seen from at the start. Default: that of the process. */
  readonly folder?: string;
  /** The environment at the start; scripts change a copy. Default: that of the process. */
  readonly variables?: { readonly [name: string]: string | undefined };
  /** Where warnings go. Default: standard error. */
  readonly writeError?: (text: string) => void;
  /** Called before another program runs, which may use the same streams: the place to write out what is still held back. */
  readonly beforeProcess?: () => void;
}

/** The granted parts of this process, for `createVM({ system })`. One for each VM: it holds the script's open files and its folder. */
export function nodeSystem(grants: readonly SystemGrant[], options: NodeSystemOptions = {}): SystemPart {
  const folder = new Folder(options.folder ?? process.cwd()), variables = environmentOf(options.variables ?? process.env);
  const sockets = new Sockets(), fetches = new Fetches(), webSockets = new WebSockets(), databases = new Databases(), foreign = new ForeignFunctions(folder);
  const writeError = options.writeError ?? ((text: string): void => void process.stderr.write(text));
  const parts: { readonly [grant in SystemGrant]: () => readonly (readonly [string, Native])[] } = {
    files: () => [...fileSystemNatives(folder), ...openFileNatives(folder)],
    environment: () => environmentNatives(variables),
    processes: () => processNatives({ folder, variables, writeError, beforeProcess: options.beforeProcess ?? ((): void => {}) }),
    clock: () => CLOCK_NATIVES, system: () => SYSTEM_NATIVES, digests: () => DIGEST_NATIVES, cryptography: () => CRYPTOGRAPHY_NATIVES,
    network: () => [...socketNatives(sockets), pollNative(sockets), ...fetches.natives(), ...webSockets.natives()], databases: () => sqliteNatives(databases, folder), foreign: () => foreign.natives(),
  };
  return { natives: new Map(grants.flatMap((grant) => parts[grant]())), close: () => { for (const part of [sockets, fetches, webSockets, databases, foreign]) part.close(); } };
}
