// What sockets of all kinds have in common: somebody may wait until something happens on them, for a while or for ever.

/** Bits of poll, as Linux has them. */
export const enum Poll { In = 1, Out = 4, Error = 8, HangUp = 16 }

export interface Address { readonly address: string; readonly port: number }
export interface Datagram extends Address { readonly data: Uint8Array }

/** An error of the system by its name. */
export const systemError = (code: string): Error => Object.assign(new Error(code), { code });

/** Something that things happen to. */
export abstract class Watched {
  readonly #watchers = new Set<() => void>();

  /** Something happened. */
  protected readonly changed = (): void => {
    for (const watcher of [...this.#watchers]) watcher();
  };

  /** Calls back at every change, until the function that comes back is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }
}

/** One call at a time is made of these by sockets.ts; what cannot be done throws a system error, and undefined is "not yet". */
export abstract class OpenSocket extends Watched {
  /** Milliseconds an operation may take, 0 for any time. */
  timeout = 0;
  isListening = false;
  /** Code of an error that nobody was told of yet. */
  #failed: string | null = null;

  constructor(readonly family: 4 | 6) {
    super();
  }

  /** Where it is bound: port 0 has become a free one. */
  abstract bind(address: string, port: number): Promise<Address>;
  abstract listen(backlog: number): Promise<void>;
  abstract accept(): (Address & { readonly socket: OpenSocket }) | undefined;
  abstract connect(host: string, port: number): Promise<void>;
  /** Null: sent; a promise: it is on its way. */
  abstract send(data: Uint8Array): Promise<void> | null;
  /** Whether sending would have to wait. */
  abstract get isFull(): boolean;
  /** Up to so many bytes; none when nothing will come any more. */
  abstract receive(most: number): Uint8Array | undefined;
  abstract sendTo(data: Uint8Array, to: Address): Promise<void>;
  abstract receiveFrom(most: number): Datagram | undefined;
  abstract setOption(level: number, option: number, value: number): void;
  /** Events that hold now. */
  abstract ready(): number;
  abstract close(): void;

  protected readonly failed = (error: Error): void => {
    this.#failed = (error as { code?: string }).code ?? "EIO";
    this.changed();
  };

  protected get hasFailed(): boolean { return this.#failed !== null; }

  /** Throws the error that came meanwhile, once. */
  protected raiseFailure(): void {
    const code = this.#failed;
    this.#failed = null;
    if (code !== null) throw systemError(code);
  }
}

/** What the attempt gives as soon as it gives something: it is made at every change of a socket. When the time is over, what `late` gives. */
export function attemptUntil<T>(sockets: readonly Watched[], milliseconds: number, attempt: () => T | undefined, late: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const ends: (() => void)[] = [];
    const settle = (step: () => T | undefined): void => {
      try {
        const found = step();
        if (found === undefined) return;
        resolve(found);
      } catch (error) {
        reject(error as Error);
      }
      for (const end of ends) end();
    };
    for (const socket of sockets) ends.push(socket.watch(() => settle(attempt)));
    if (milliseconds !== Infinity) {
      const timer = setTimeout(() => settle(late), milliseconds);
      ends.push(() => clearTimeout(timer));
    }
  });
}

/** Lets the process see what has happened on its sockets: the second of two turns has come by all of them. */
export const oneTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(() => setImmediate(resolve)); });
