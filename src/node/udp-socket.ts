// UDP. Datagrams that nobody has asked for yet wait here; when they are too many, those that come are lost, as anywhere.

import type { Socket } from "node:dgram";
import { datagrams } from "./modules.ts";
import { OpenSocket, Poll, systemError, type Address, type Datagram } from "./open-socket.ts";

/** Bytes of datagrams that wait, at most. */
const MAX_WAITING = 4 << 20;
const SOL_SOCKET = 1;
const OPTIONS: { readonly [option: string]: (socket: Socket, value: number) => void } = {
  [`${SOL_SOCKET}:6`]: (socket, value) => socket.setBroadcast(value !== 0),
  [`${SOL_SOCKET}:7`]: (socket, value) => socket.setSendBufferSize(value), [`${SOL_SOCKET}:8`]: (socket, value) => socket.setRecvBufferSize(value),
};
const REUSE = `${SOL_SOCKET}:2`;

export class UdpSocket extends OpenSocket {
  #socket: Socket | null = null;
  #isBound = false;
  #isConnected = false;
  #isClosed = false;
  #reuses = false;
  readonly #waiting: Datagram[] = [];
  #waitingBytes = 0;
  /** Options for a socket that has no address yet. */
  readonly #options: ((socket: Socket) => void)[] = [];

  /** Made when it is first needed: until then its options may change. */
  #open(): Socket {
    if (this.#isClosed) throw systemError("EBADF");
    if (this.#socket !== null) return this.#socket;
    const socket = this.#socket = datagrams().createSocket({ type: this.family === 4 ? "udp4" : "udp6", reuseAddr: this.#reuses });
    socket.on("message", (data, from) => {
      if (this.#waitingBytes + data.length > MAX_WAITING) return;
      this.#waitingBytes += data.length;
      this.#waiting.push({ data, address: from.address, port: from.port });
      this.changed();
    }).on("error", this.failed).on("listening", () => {
      for (const option of this.#options) option(socket);
    });
    return socket;
  }

  /** Does something that ends with a call, or with an event that is an error. */
  #await(begin: (done: (error?: Error | null) => void) => void): Promise<void> {
    const socket = this.#open();
    return new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => {
        socket.off("error", done);
        if (error) reject(error);
        else resolve();
      };
      socket.once("error", done);
      begin(done);
    });
  }

  async bind(address: string, port: number): Promise<Address> {
    if (this.#isBound) throw systemError("EINVAL");
    this.#isBound = true;
    try {
      await this.#await((done) => void this.#open().bind({ address, port, exclusive: !this.#reuses }, () => done()));
    } catch (error) {
      this.#isBound = false;
      // Told already.
      try { this.raiseFailure(); } catch { /* It is the same. */ }
      throw error;
    }
    return this.#open().address();
  }

  async listen(): Promise<never> { throw systemError("EOPNOTSUPP"); }
  accept(): never { throw systemError("EOPNOTSUPP"); }

  async connect(host: string, port: number): Promise<void> {
    if (this.#isConnected) this.#open().disconnect();
    await this.#await((done) => this.#open().connect(port, host, done as () => void));
    this.#isConnected = true;
  }

  get isFull(): boolean { return false; }

  send(data: Uint8Array): Promise<void> {
    this.raiseFailure();
    if (!this.#isConnected) throw systemError("EDESTADDRREQ");
    return this.#await((done) => this.#open().send(data, done));
  }

  receive(most: number): Uint8Array | undefined { return this.receiveFrom(most)?.data; }

  sendTo(data: Uint8Array, { address, port }: Address): Promise<void> {
    return this.#await((done) => this.#open().send(data, port, address, done));
  }

  receiveFrom(most: number): Datagram | undefined {
    this.raiseFailure();
    this.#open();
    const next = this.#waiting.shift();
    if (next === undefined) return undefined;
    this.#waitingBytes -= next.data.length;
    return { ...next, data: next.data.subarray(0, most) };
  }

  setOption(level: number, option: number, value: number): void {
    const key = `${level}:${option}`, set = OPTIONS[key];
    if (key === REUSE) this.#reuses = value !== 0;
    else if (set === undefined) throw systemError("ENOPROTOOPT");
    else if (this.#isBound) set(this.#open(), value);
    else this.#options.push((socket) => set(socket, value));
  }

  ready(): number { return (this.#waiting.length > 0 ? Poll.In : 0) | Poll.Out | (this.hasFailed ? Poll.Error : 0); }

  close(): void {
    this.#isClosed = true;
    this.#socket?.close();
    this.changed();
  }
}
