// Sockets as scripts have them, over Node's, which do nothing at once: an operation that has to wait parks the task that asks
// for it. One on a socket that does not block waits for one turn of the process, so that what has happened is known.

import { recordItem } from "../../heap/cells/record.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";
import { integerArgument } from "../library/arguments.ts";
import { isInteger, numberOf, rankOf } from "../vm/numeric.ts";
import type { Native, Store } from "../vm/native.ts";
import type { Outcome } from "../vm/outcome.ts";
import { newOutside, SocketItem } from "../vm/outside.ts";
import type { Vm } from "../vm/vm.ts";
import { names, network } from "./modules.ts";
import { attemptUntil, oneTurn, systemError, type Address, type OpenSocket } from "./open-socket.ts";
import { buffer, bytesAt, i32, nothing, object, reason, shown, text, textAt } from "./results.ts";
import { TcpSocket } from "./tcp-socket.ts";
import { UdpSocket } from "./udp-socket.ts";

const FAMILIES: { readonly [domain: number]: 4 | 6 } = { 2: 4, 10: 6 };
const STREAM = 1, DATAGRAMS = 2;
/** Of IP, the only ones there are for each type. */
const PROTOCOLS: { readonly [type: number]: number } = { [STREAM]: 6, [DATAGRAMS]: 17 };
const MAX_PORT = 65535;
/** Bytes received at a time, at most. */
const MAX_RECEIVED = 2 ** 30;

const words = (failed: string, error: unknown): string => `${failed}: ${reason(error)}`;

/** The open sockets of one system, by the numbers in their values. */
export class Sockets {
  readonly #open = new Map<number, OpenSocket>();
  #last = 2;

  /** Value of a new socket. */
  value(socket: OpenSocket, { address, port }: { readonly address: string | null; readonly port: number }): Store {
    const handle = ++this.#last;
    this.#open.set(handle, socket);
    return (vm, slot) => {
      const { heap } = vm, cell = newOutside(heap, slot, CellKind.Socket);
      heap.setI32(recordItem(cell, SocketItem.Handle), handle);
      heap.setI32(recordItem(cell, SocketItem.Port), port);
      heap.setBool(recordItem(cell, SocketItem.Closed), false);
      heap.setBool(recordItem(cell, SocketItem.Nonblocking), false);
      if (address !== null) setAddress(vm, cell, address, port, slot + 1);
    };
  }

  /** The socket of a cell; null when it was closed, or came out of an image. */
  find({ heap }: Vm, cell: number): OpenSocket | null {
    return heap.lo(recordItem(cell, SocketItem.Closed)) !== 0 ? null : this.#open.get(heap.lo(recordItem(cell, SocketItem.Handle))) ?? null;
  }

  closeOne(vm: Vm, cell: number): void {
    const { heap } = vm;
    this.find(vm, cell)?.close();
    this.#open.delete(heap.lo(recordItem(cell, SocketItem.Handle)));
    heap.setBool(recordItem(cell, SocketItem.Closed), true);
    heap.setI32(recordItem(cell, SocketItem.Handle), -1);
  }

  close(): void {
    for (const socket of this.#open.values()) socket.close();
    this.#open.clear();
  }
}

/** `scratch`: a slot that is free. */
function setAddress(vm: Vm, cell: number, address: string, port: number, scratch: number): void {
  text(address)(vm, scratch);
  vm.heap.replace(recordItem(cell, SocketItem.Address), scratch);
  vm.heap.setI32(recordItem(cell, SocketItem.Port), port);
}

/** Gives the native its result. */
export function finish(vm: Vm, base: number, argc: number, store: Store): void {
  store(vm, base + argc);
  vm.heap.copySlot(base - 2, base + argc);
}

/** A call of a method of a socket. */
interface Call { readonly vm: Vm; readonly base: number; readonly argc: number; readonly name: string; readonly socket: OpenSocket; readonly isBlocking: boolean }

/** Waits for the promise, whose failure is the script's, with the words before the system's. */
const awaits = ({ vm, base, name }: Call, failed: string, promise: () => Promise<Store>): Outcome =>
  vm.suspend(vm, name, base, () => promise().catch((error: unknown) => { throw new Error(words(failed, error)); }));

/** What the attempt gives, now or as soon as there is something. `empty`: the result where one does not wait; null: then it is an error too. */
function eventually(call: Call, failed: string, attempt: () => Store | undefined, empty: Store | null): void | Outcome {
  const { vm, base, argc, socket, isBlocking } = call;
  let now: Store | undefined;
  try {
    now = attempt();
  } catch (error) {
    vm.throwError(words(failed, error));
  }
  const late = (): Store => { throw systemError("EAGAIN"); };
  if (now !== undefined) return finish(vm, base, argc, now);
  if (!isBlocking) return awaits(call, failed, async () => (await oneTurn(), attempt() ?? empty ?? late()));
  return awaits(call, failed, () => attemptUntil([socket], socket.timeout === 0 ? Infinity : socket.timeout, attempt, late));
}

/** A promise that may not take longer than the socket's time limit. */
function inTime<T>(socket: OpenSocket, promise: Promise<T>, code: string): Promise<T> {
  if (socket.timeout === 0) return promise;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(systemError(code)), socket.timeout);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

export function socketNatives(sockets: Sockets): (readonly [string, Native])[] {
  const method = (name: string, count: number, expects: string, closed: string, run: (call: Call) => void | Outcome): readonly [string, Native] =>
    [`socket.${name}`, (vm, base, argc) => {
      if (argc !== count) vm.throwError(`${name}() expects ${expects}`);
      const { heap } = vm, cell = heap.lo(base - 2), socket = sockets.find(vm, cell) ?? vm.throwError(`Cannot ${closed} closed socket`);
      return run({ vm, base, argc, name: `socket.${name}`, socket, isBlocking: heap.lo(recordItem(cell, SocketItem.Nonblocking)) === 0 });
    }];
  /** The receiver gets an address, once the operation has ended. */
  const addressed = (base: number, { address, port }: Address): Store => (vm, slot) => {
    setAddress(vm, vm.heap.lo(base - 2), address, port, slot);
    vm.heap.setNull(slot);
  };
  return [
    ["socket_create", (vm, base, argc) => create(vm, base, argc, sockets)],
    ["dns_resolve", resolveName],
    method("bind", 2, "2 arguments (address, port)", "bind", (call) => {
      const { vm, base, socket } = call, address = hostAt(call), port = portAt(call, base + 1, "bind() failed");
      if (ipVersion(address) !== socket.family) vm.throwError(`Invalid IPv${socket.family} address: ${address}`);
      return awaits(call, "bind() failed", async () => addressed(base, { address, port: (await socket.bind(address, port)).port }));
    }),
    method("listen", 1, "1 argument (backlog)", "listen on", (call) => {
      const backlog = integerArgument(call.vm, call.base, "listen() backlog must be integer");
      return awaits(call, "Failed to listen on socket", async () => (await call.socket.listen(backlog), nothing));
    }),
    method("accept", 0, "no arguments", "accept on", (call) => {
      const { vm, socket } = call;
      if (!socket.isListening) vm.throwError("Socket must be listening before accept()");
      return eventually(call, "Failed to accept connection", () => {
        const found = socket.accept();
        return found === undefined ? undefined : sockets.value(found.socket, found);
      }, nothing);
    }),
    method("connect", 2, "2 arguments (address, port)", "connect", (call) => connect(call, addressed)),
    method("send", 1, "1 argument (data)", "send on", send),
    method("recv", 1, "1 argument (size)", "recv on", (call) => {
      const { vm, base, argc, socket } = call, size = integerArgument(vm, base, "recv() size must be integer");
      if (size <= 0) return finish(vm, base, argc, buffer(new Uint8Array(0)));
      return eventually(call, "Failed to receive data", () => {
        const data = socket.receive(Math.min(size, MAX_RECEIVED));
        return data === undefined ? undefined : buffer(data);
      }, nothing);
    }),
    method("sendto", 3, "3 arguments (address, port, data)", "sendto on", sendTo),
    method("recvfrom", 1, "1 argument (size)", "recvfrom on", (call) => {
      const size = integerArgument(call.vm, call.base, "recvfrom() size must be integer");
      if (size <= 0) call.vm.throwError("recvfrom() size must be positive");
      return eventually(call, "Failed to recvfrom", () => {
        const found = call.socket.receiveFrom(Math.min(size, MAX_RECEIVED));
        return found === undefined ? undefined : object([["data", buffer(found.data)], ["address", text(found.address)], ["port", i32(found.port)]]);
      }, null);
    }),
    method("setsockopt", 3, "3 arguments (level, option, value)", "setsockopt on", ({ vm, base, argc, socket }) => {
      const [level, option, value] = [0, 1, 2].map((i) => integerArgument(vm, base + i, "setsockopt() arguments must be integers")) as [number, number, number];
      try {
        socket.setOption(level, option, value);
      } catch (error) {
        vm.throwError(words("Failed to set socket option", error));
      }
      finish(vm, base, argc, nothing);
    }),
    method("set_timeout", 1, "1 argument (seconds)", "set_timeout on", ({ vm, base, argc, socket }) => {
      const rank = rankOf(vm.heap, base), seconds = rank === 0 ? vm.throwError("set_timeout() timeout must be numeric") : numberOf(vm.heap, base, rank);
      if (!(seconds >= 0)) vm.throwError("Failed to set receive timeout: Numerical argument out of domain");
      socket.timeout = Math.min(2 ** 31 - 1, Math.ceil(seconds * 1000));
      finish(vm, base, argc, nothing);
    }),
    method("set_nonblocking", 1, "1 argument (bool)", "set_nonblocking on", ({ vm, base, argc }) => {
      if (vm.heap.hi(base) !== Hi.Bool) vm.throwError("set_nonblocking() argument must be boolean");
      vm.heap.copySlot(recordItem(vm.heap.lo(base - 2), SocketItem.Nonblocking), base);
      finish(vm, base, argc, nothing);
    }),
    ["socket.close", (vm, base, argc) => {
      if (argc !== 0) vm.throwError("close() expects no arguments");
      sockets.closeOne(vm, vm.heap.lo(base - 2));
      finish(vm, base, argc, nothing);
    }],
  ];
}

function create(vm: Vm, base: number, argc: number, sockets: Sockets): void {
  if (argc !== 3) vm.throwError("socket_create() expects 3 arguments (domain, type, protocol)");
  const [domain, type, protocol] = [0, 1, 2].map((i) => integerArgument(vm, base + i, "socket_create() arguments must be integers")) as [number, number, number];
  const family = FAMILIES[domain] ?? vm.throwError("Failed to create socket: Address family not supported by protocol");
  if (type !== STREAM && type !== DATAGRAMS) vm.throwError("Failed to create socket: Socket type not supported");
  if (protocol !== 0 && protocol !== PROTOCOLS[type]) vm.throwError("Failed to create socket: Protocol not supported");
  finish(vm, base, argc, sockets.value(type === STREAM ? new TcpSocket(family) : new UdpSocket(family), { address: null, port: 0 }));
}

/** An empty name gives no address, whatever the types of Node say. */
function missing(): never { throw new Error("no address"); }

function resolveName(vm: Vm, base: number, argc: number): Outcome {
  if (argc !== 1) vm.throwError("dns_resolve() expects 1 argument (hostname)");
  const name = vm.heap.hi(base) === CellHi.String ? textAt(vm, base) : vm.throwError("dns_resolve() hostname must be string");
  return vm.suspend(vm, "dns_resolve", base, async () => {
    try {
      const { address } = await names().promises.lookup(name, { family: 4 }) as { address: string | null };
      return text(address ?? missing());
    } catch {
      throw new Error(`Failed to resolve hostname '${name}'`);
    }
  });
}

const ipVersion = (address: string): number => network().isIP(address);

const argumentsOf = (name: string): string => `${shown(name)}() expects (string address, integer port${name.endsWith("sendto") ? ", data" : ""})`;

function hostAt({ vm, base, name }: Call): string {
  if (vm.heap.hi(base) !== CellHi.String || !isInteger(rankOf(vm.heap, base + 1))) vm.throwError(argumentsOf(name));
  return textAt(vm, base);
}

function portAt({ vm }: Call, slot: number, failed: string): number {
  const port = numberOf(vm.heap, slot, rankOf(vm.heap, slot));
  return port >= 0 && port <= MAX_PORT ? port : vm.throwError(`${failed}: Invalid argument`);
}

function connect(call: Call, addressed: (base: number, address: Address) => Store): Outcome {
  const { vm, base, socket, isBlocking } = call, host = hostAt(call);
  const port = portAt(call, base + 1, `Failed to connect to ${host}:${numberOf(vm.heap, base + 1, rankOf(vm.heap, base + 1))}`), failed = `Failed to connect to ${host}:${port}`;
  return vm.suspend(vm, call.name, base, async () => {
    try {
      const connecting = socket.connect(host, port);
      // It goes on without the task, which sees by poll when it has ended.
      if (!isBlocking) await Promise.race([connecting, oneTurn().then(() => { throw systemError("EINPROGRESS"); })]);
      else await inTime(socket, connecting, "EINPROGRESS");
    } catch (error) {
      const { code } = error as { code?: string };
      throw new Error(code === "ENOTFOUND" || code === "EAI_AGAIN" ? `Failed to resolve '${host}': Name or service not known` : words(failed, error));
    }
    return addressed(base, { address: host, port });
  });
}

function send(call: Call): void | Outcome {
  const { vm, base, argc, socket, isBlocking } = call;
  const data = bytesAt(vm, base) ?? vm.throwError("send() expects string or buffer argument"), failed = "Failed to send data";
  if (!isBlocking && socket.isFull) return awaits(call, failed, async () => (await oneTurn(), i32(0)));
  let sending: Promise<void> | null = null;
  try {
    sending = socket.send(data);
  } catch (error) {
    vm.throwError(words(failed, error));
  }
  const sent = sending;
  if (sent !== null && isBlocking) return awaits(call, failed, async () => (await inTime(socket, sent, "EAGAIN"), i32(data.length)));
  // Where nobody waits, an error shows at the next operation.
  sent?.catch(() => {});
  finish(vm, base, argc, i32(data.length));
}

function sendTo(call: Call): Outcome {
  const { vm, base, socket } = call, address = hostAt(call), data = bytesAt(vm, base + 2) ?? vm.throwError("sendto() data must be string or buffer");
  if (ipVersion(address) !== socket.family) vm.throwError(`Invalid IPv${socket.family} address: ${address}`);
  const port = portAt(call, base + 1, `Failed to sendto ${address}:${numberOf(vm.heap, base + 1, rankOf(vm.heap, base + 1))}`);
  return awaits(call, `Failed to sendto ${address}:${port}`, async () => (await inTime(socket, socket.sendTo(data, { address, port }), "EAGAIN"), i32(data.length)));
}
