// What the embedder provides. The core never touches the outside world except through this.

export interface Host {
  /** Script output; text or raw bytes (strings may hold invalid UTF-8). */
  write(data: Uint8Array): void;
  writeError(data: Uint8Array): void;
  /** One line of input without its line end, null at the end of input. */
  readLine(): string | null;
  /** args[0] is the script's name. */
  readonly args: readonly string[];
  /** A number in [0, 1), or null to use the VM's own seeded generator. */
  random?(): number;
  /** Milliseconds on some clock. */
  now?(): number;
  /** Lets so many milliseconds of that clock pass. Without it, scripts that sleep do so on a clock of the VM's own, which takes no time. */
  sleep?(milliseconds: number): void;
  /** Called when a script is going to wait for answers of the host: the place to write out what is still held back. */
  beforeWait?(): void;
  /** Text of a file, null when it cannot be read. Left out: there are no files. */
  readFile?(path: string): string | null;
}

/** The functions given, also those of a class, and silence for what is left out. */
export function completeHost(given: Partial<Host>): Host {
  const host: Host = {
    write: given.write?.bind(given) ?? silentHost.write, writeError: given.writeError?.bind(given) ?? silentHost.writeError,
    readLine: given.readLine?.bind(given) ?? silentHost.readLine, args: given.args ?? silentHost.args,
  };
  return {
    ...host, ...(given.random && { random: given.random.bind(given) }), ...(given.now && { now: given.now.bind(given) }), ...(given.sleep && { sleep: given.sleep.bind(given) }),
    ...(given.beforeWait && { beforeWait: given.beforeWait.bind(given) }), ...(given.readFile && { readFile: given.readFile.bind(given) }),
  };
}

/** A host that swallows output and has no input. */
export const silentHost: Host = { write() {}, writeError() {}, readLine: () => null, args: [] };
