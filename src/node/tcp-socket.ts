// TCP over Node's streams. A socket that is bound listens at once, since Node does not part the two: peers wait in a queue
// until the script listens and accepts. Data are read only as far as a stream's buffer goes, so a peer that sends more waits.

import type { AddressInfo, Server, Socket } from "node:net";
import { network } from "./modules.ts";
import { OpenSocket, Poll, systemError, type Address, type Datagram } from "./open-socket.ts";

/** Connections that wait to be accepted, at most. */
const MAX_QUEUE = 4096;
const SOL_SOCKET = 1, TCP = 6;
/** Options that can be set, by level and number; null: they are as Node sets them. */
const OPTIONS: { readonly [option: string]: ((stream: Socket, value: number) => void) | null } = {
  [`${SOL_SOCKET}:9`]: (stream, value) => void stream.setKeepAlive(value !== 0), [`${TCP}:1`]: (stream, value) => void stream.setNoDelay(value !== 0),
  // SO_REUSEADDR is always set, the sizes of the buffers are the system's.
  [`${SOL_SOCKET}:2`]: null, [`${SOL_SOCKET}:7`]: null, [`${SOL_SOCKET}:8`]: null,
};

export class TcpSocket extends OpenSocket {
  #server: Server | null = null;
  #stream: Socket | null = null;
  #isConnecting = false;
  readonly #queue: Socket[] = [];
  /** Options for a stream that is not there yet. */
  readonly #options: ((stream: Socket) => void)[] = [];

  /** `stream`: of a connection that was accepted. */
  constructor(family: 4 | 6, stream: Socket | null = null) {
    super(family);
    if (stream !== null) this.#use(stream);
  }

  #use(stream: Socket): void {
    this.#stream = stream;
    for (const event of ["readable", "end", "drain", "close"]) stream.on(event, this.changed);
    stream.on("error", this.failed);
    for (const option of this.#options) option(stream);
    stream.read(0);
  }

  bind(address: string, port: number): Promise<Address> {
    if (this.#server !== null || this.#stream !== null) throw systemError("EINVAL");
    const server = network().createServer({ allowHalfOpen: true, pauseOnConnect: true }, (stream) => this.#queued(stream));
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: address, port, exclusive: true }, () => {
        server.off("error", reject).on("error", this.failed);
        this.#server = server;
        resolve(server.address() as AddressInfo);
      });
    });
  }

  #queued(stream: Socket): void {
    if (this.#queue.length >= MAX_QUEUE) return void stream.destroy();
    // A peer that has gone again is found out when somebody reads.
    stream.on("error", () => {});
    this.#queue.push(stream);
    this.changed();
  }

  async listen(): Promise<void> {
    if (this.#stream !== null) throw systemError("EINVAL");
    if (this.#server === null) await this.bind(this.family === 4 ? "0.0.0.0" : "::", 0);
    this.isListening = true;
  }

  accept(): (Address & { readonly socket: OpenSocket }) | undefined {
    if (this.#server === null) throw systemError("EBADF");
    this.raiseFailure();
    const stream = this.#queue.shift();
    return stream === undefined ? undefined : { socket: new TcpSocket(this.family, stream), address: stream.remoteAddress ?? "", port: stream.remotePort ?? 0 };
  }

  async connect(host: string, port: number): Promise<void> {
    if (this.#stream !== null || this.isListening) throw systemError(this.#isConnecting ? "EALREADY" : "EISCONN");
    const local = await this.#giveUpServer();
    this.#isConnecting = true;
    const stream = network().connect({ host, port, family: this.family, autoSelectFamily: false, allowHalfOpen: true, ...local });
    await new Promise<void>((resolve, reject) => {
      const failed = (error: Error): void => {
        this.#isConnecting = false;
        reject(error);
        this.changed();
      };
      stream.once("error", failed).once("connect", () => {
        stream.off("error", failed);
        this.#isConnecting = false;
        this.#use(stream);
        resolve();
        this.changed();
      });
    });
  }

  /** Where a socket was bound that turns out to be a client's. */
  async #giveUpServer(): Promise<{ readonly localAddress?: string; readonly localPort?: number }> {
    const server = this.#server;
    if (server === null) return {};
    const { address, port } = server.address() as AddressInfo;
    this.#server = null;
    await new Promise((resolve) => { server.close(resolve); });
    return { localAddress: address, localPort: port };
  }

  get isFull(): boolean { return this.#stream?.writableNeedDrain === true; }

  send(data: Uint8Array): Promise<void> | null {
    const stream = this.#stream;
    this.raiseFailure();
    if (stream === null || stream.destroyed || !stream.writable) throw systemError("EPIPE");
    let settle: (error?: Error | null) => void = () => {};
    stream.write(data, (error) => settle(error));
    // Most often the system has taken all of it already.
    if (stream.writableLength === 0) return null;
    return new Promise((resolve, reject) => { settle = (error) => (error ? reject(error) : resolve()); });
  }

  receive(most: number): Uint8Array | undefined {
    const stream = this.#stream;
    if (stream === null) throw systemError("ENOTCONN");
    if (stream.readableLength === 0) this.raiseFailure();
    const piece = stream.read(Math.min(most, Math.max(1, stream.readableLength))) as Uint8Array | null;
    if (piece !== null) return piece;
    return stream.readableEnded || stream.destroyed ? new Uint8Array(0) : undefined;
  }

  async sendTo(): Promise<never> { throw systemError("EISCONN"); }

  receiveFrom(most: number): Datagram | undefined {
    const data = this.receive(most), { remoteAddress = "", remotePort = 0 } = this.#stream!;
    return data === undefined ? undefined : { data, address: remoteAddress, port: remotePort };
  }

  setOption(level: number, option: number, value: number): void {
    const set = OPTIONS[`${level}:${option}`];
    if (set === undefined) throw systemError("ENOPROTOOPT");
    if (set === null) return;
    if (this.#stream === null) this.#options.push((stream) => set(stream, value));
    else set(this.#stream, value);
  }

  ready(): number {
    const stream = this.#stream;
    if (this.isListening) return this.#queue.length > 0 ? Poll.In : 0;
    if (stream === null) return this.#isConnecting ? 0 : Poll.Out | Poll.HangUp;
    const isOver = stream.readableEnded || stream.destroyed;
    // The end of the data is only seen by reading on.
    if (!isOver && stream.readableLength === 0) stream.read(0);
    return (stream.readableLength > 0 || isOver ? Poll.In : 0) | (stream.writable && !stream.writableNeedDrain ? Poll.Out : 0)
      | (this.hasFailed ? Poll.Error : 0) | (stream.destroyed ? Poll.HangUp : 0);
  }

  close(): void {
    this.#server?.close();
    for (const stream of this.#queue.splice(0)) stream.destroy();
    this.#stream?.destroySoon();
    this.#server = null;
    this.isListening = false;
    this.changed();
  }
}
