// WebSockets through the package ws, which need not be there. Scripts know connections and servers by numbers, so that they
// can be given to tasks. A peer that sends more than the script takes has to wait.

import { isUint8Array } from "node:util/types";
import type { AddressInfo } from "node:net";
import type { WebSocket, WebSocketServer } from "ws";
import { findSlot } from "../../heap/cells/object.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi } from "../../heap/value.ts";
import { integerArgument } from "../library/arguments.ts";
import type { Native, Store } from "../vm/native.ts";
import type { Outcome } from "../vm/outcome.ts";
import type { Vm } from "../vm/vm.ts";
import { webSockets } from "./modules.ts";
import { attemptUntil, Watched } from "./open-socket.ts";
import { bool, buffer, bytesAt, bytesText, i32, nothing, object, reason, returning, shown, stringAt } from "./results.ts";
import { finish } from "./sockets.ts";

/** Kinds of messages: the numbers of RFC 6455. */
const enum Kind { Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 }
interface Message { readonly kind: Kind; readonly data: Uint8Array }

/** Bytes of messages that wait before the peer has to. */
const ENOUGH = 4 << 20;
const NONE = new Uint8Array(0);
const MAX_TIME = 2 ** 31 - 1;

/** Bytes of what ws gives: a buffer, or several. */
const joined = (data: unknown): Uint8Array => (Array.isArray(data) ? Buffer.concat(data as Buffer[]) : isUint8Array(data) ? data : new Uint8Array(data as ArrayBuffer));

class Connection extends Watched {
  readonly #waiting: Message[] = [];
  #bytes = 0;
  isClosed = false;

  constructor(readonly socket: WebSocket) {
    super();
    socket.on("message", (data, isBinary) => this.#add(isBinary ? Kind.Binary : Kind.Text, joined(data)));
    socket.on("ping", (data) => this.#add(Kind.Ping, data)).on("pong", (data) => this.#add(Kind.Pong, data));
    socket.on("error", () => {}).on("close", () => {
      this.isClosed = true;
      this.#add(Kind.Close, NONE);
    });
  }

  #add(kind: Kind, data: Uint8Array): void {
    this.#waiting.push({ kind, data });
    this.#bytes += data.length + 64;
    if (this.#bytes > ENOUGH) this.socket.pause();
    this.changed();
  }

  next(): Message | undefined {
    const message = this.#waiting.shift();
    if (message === undefined) return undefined;
    this.#bytes -= message.data.length + 64;
    if (this.#bytes <= ENOUGH && this.socket.isPaused) this.socket.resume();
    return message;
  }
}

class Server extends Watched {
  readonly #waiting: Connection[] = [];

  constructor(readonly server: WebSocketServer) {
    super();
    server.on("error", () => {}).on("connection", (socket) => {
      this.#waiting.push(new Connection(socket));
      this.changed();
    });
  }

  next(): Connection | undefined { return this.#waiting.shift(); }

  close(): void {
    for (const client of this.server.clients) client.terminate();
    this.server.close();
    this.changed();
  }
}

export class WebSockets {
  readonly #connections = new Map<number, Connection>();
  readonly #servers = new Map<number, Server>();
  #last = 0;

  close(): void {
    for (const { socket } of this.#connections.values()) socket.terminate();
    for (const server of this.#servers.values()) server.close();
    this.#connections.clear();
    this.#servers.clear();
  }

  #add(connection: Connection): Store {
    this.#connections.set(++this.#last, connection);
    return i32(this.#last);
  }

  natives(): (readonly [string, Native])[] {
    return [
      ["__lws_ws_connect", (vm, base, argc) => this.#connect(vm, base, argc)],
      this.#send("__lws_ws_send_text", CellHi.String), this.#send("__lws_ws_send_binary", CellHi.Buffer),
      this.#awaiting("__lws_ws_recv", this.#connections, (connection) => {
        const message = connection.next();
        if (message !== undefined) return object([["type", i32(message.kind)], ["data", buffer(message.data)]]);
        return connection.isClosed ? nothing : undefined;
      }),
      returning("__lws_ws_close", 1, 1, (vm, base) => {
        const handle = handleAt(vm, base, "__lws_ws_close");
        this.#connections.get(handle)?.socket.close();
        this.#connections.delete(handle);
        return nothing;
      }),
      returning("__lws_ws_is_closed", 1, 1, (vm, base) => bool(this.#connections.get(handleAt(vm, base, "__lws_ws_is_closed"))?.isClosed ?? true)),
      part("__lws_msg_type", (vm, slot) => ({ heap }, dst) => heap.copySlot(dst, fieldOf(vm, slot, "msg_type", "type"))),
      part("__lws_msg_text", (vm, slot) => bytesText(bytesAt(vm, fieldOf(vm, slot, "msg_text", "data")) ?? NONE)), part("__lws_msg_len", (vm, slot) => i32(bytesAt(vm, fieldOf(vm, slot, "msg_len", "data"))?.length ?? 0)),
      part("__lws_msg_free", (vm, slot) => (fieldOf(vm, slot, "msg_free", "type"), nothing)),
      ["__lws_ws_server_create", (vm, base, argc) => this.#serve(vm, base, argc)],
      this.#awaiting("__lws_ws_server_accept", this.#servers, (server) => {
        const connection = server.next();
        return connection === undefined ? undefined : this.#add(connection);
      }),
      returning("__lws_ws_server_port", 1, 1, (vm, base) => i32((this.#server(vm, base, "__lws_ws_server_port").server.address() as AddressInfo).port)),
      returning("__lws_ws_server_close", 1, 1, (vm, base) => {
        const handle = handleAt(vm, base, "__lws_ws_server_close");
        this.#servers.get(handle)?.close();
        this.#servers.delete(handle);
        return nothing;
      }),
    ];
  }

  #server(vm: Vm, base: number, name: string): Server {
    return this.#servers.get(handleAt(vm, base, name)) ?? vm.throwError(`${shown(name)}(): the server is closed`);
  }

  #connect(vm: Vm, base: number, argc: number): Outcome {
    if (argc !== 1) vm.fatal("lws_ws_connect() expects 1 argument");
    const url = stringAt(vm, base, "__lws_ws_connect"), { WebSocket: Client } = packageOf(vm);
    let socket: WebSocket;
    try {
      socket = new Client(url, { maxPayload: vm.heap.settings.maxBytes });
    } catch (error) {
      return vm.throwError(`Failed to connect to WebSocket: ${url}: ${(error as Error).message}`);
    }
    // Messages may come with the answer to the handshake, before the task goes on.
    const connection = new Connection(socket);
    return vm.suspend(vm, "__lws_ws_connect", base, () => new Promise((resolve, reject) => {
      socket.once("open", () => resolve(this.#add(connection))).once("error", (error) => reject(new Error(`Failed to connect to WebSocket: ${url}: ${reason(error)}`)));
    }));
  }

  #serve(vm: Vm, base: number, argc: number): Outcome {
    if (argc !== 2) vm.fatal("lws_ws_server_create() expects 2 arguments");
    const host = stringAt(vm, base, "__lws_ws_server_create"), port = integerArgument(vm, base + 1, "lws_ws_server_create() port must be an integer"), { WebSocketServer: Make } = packageOf(vm);
    const failed = `Failed to create WebSocket server on ${host}:${port}`;
    if (port < 0 || port > 65535) vm.throwError(`${failed}: Invalid argument`);
    return vm.suspend(vm, "__lws_ws_server_create", base, () => new Promise((resolve, reject) => {
      const server = new Make({ host, port, maxPayload: vm.heap.settings.maxBytes }), made = new Server(server), handle = ++this.#last;
      server.once("listening", () => {
        this.#servers.set(handle, made);
        resolve(i32(handle));
      }).once("error", (error) => reject(new Error(`${failed}: ${reason(error)}`)));
    }));
  }

  /** 0 when it was sent, -1 when the connection is closed. */
  #send(name: string, kind: number): readonly [string, Native] {
    return [name, (vm, base, argc) => {
      if (argc !== 2) vm.fatal(`${shown(name)}() expects 2 arguments`);
      const connection = this.#connections.get(handleAt(vm, base, name)), isText = kind === CellHi.String;
      const data = vm.heap.hi(base + 1) === kind ? bytesAt(vm, base + 1)! : vm.throwError(`${shown(name)}() requires a ${isText ? "string" : "buffer"}`);
      if (connection === undefined || connection.isClosed) return finish(vm, base, argc, i32(-1));
      return vm.suspend(vm, name, base, () => new Promise((resolve) => {
        connection.socket.send(data, { binary: !isText }, (error) => resolve(i32(error ? -1 : 0)));
      }));
    }];
  }

  /** What the attempt gives within so many milliseconds, below zero at any time; null when nothing came. */
  #awaiting<T extends Watched>(name: string, among: ReadonlyMap<number, T>, attempt: (watched: T) => Store | undefined): readonly [string, Native] {
    return [name, (vm, base, argc) => {
      if (argc !== 2) vm.fatal(`${shown(name)}() expects 2 arguments`);
      const watched = among.get(handleAt(vm, base, name)), milliseconds = integerArgument(vm, base + 1, `${shown(name)}() timeout must be an integer`);
      const now = watched === undefined ? nothing : attempt(watched);
      if (now !== undefined) return finish(vm, base, argc, now);
      return vm.suspend(vm, name, base, () => attemptUntil([watched!], milliseconds < 0 ? Infinity : Math.min(milliseconds, MAX_TIME), () => attempt(watched!), () => nothing));
    }];
  }
}

function packageOf(vm: Vm): typeof import("ws") {
  try {
    return webSockets();
  } catch {
    return vm.throwError("WebSockets need the package 'ws', which is not installed here: npm install ws");
  }
}

const handleAt = (vm: Vm, slot: number, name: string): number => integerArgument(vm, slot, `${shown(name)}() requires a connection`);

const part = (name: string, read: (vm: Vm, slot: number) => Store): readonly [string, Native] => returning(name, 1, 1, read);

/** Slot of a part of a message. */
function fieldOf(vm: Vm, slot: number, name: string, key: string): number {
  const { heap } = vm, found = heap.hi(slot) === CellHi.Object ? findSlot(heap, heap.lo(slot), internText(heap, key)) : 0;
  return found === 0 ? vm.throwError(`lws_${name}() requires a message of a WebSocket`) : found;
}
