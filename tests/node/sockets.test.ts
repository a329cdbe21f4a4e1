// Sockets of scripts, on loopback with ports that the system chooses: each test can run beside any other.

import { connect, createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import type { SystemGrant } from "../../src/node.ts";
import { library, type VmOptions } from "../support/library.ts";

const { nodeSystem } = await import("../../dist/node.js" as string) as typeof import("../../src/node.ts");

const OPTIONS: readonly (readonly [string, VmOptions])[] = [["vm", {}], ["vm, collecting at every allocation", { gcStress: 1, poison: true }], ["vm, compiled loop", { loop: "wasm" }], ["vm, always marking", { gcStep: 1, verifyHeap: true }]];

interface Run { readonly options?: VmOptions; readonly grants?: readonly SystemGrant[]; readonly onOutput?: (text: string) => void }

/** Runs a script to its end; answers what it printed, and how it failed. */
async function run(text: string, { options = {}, grants = ["network", "clock"], onOutput = () => {} }: Run = {}): Promise<string> {
  let output = "";
  const system = nodeSystem(grants), decoder = new TextDecoder();
  const write = (bytes: Uint8Array): void => {
    const written = decoder.decode(bytes);
    output += written;
    onOutput(written);
  };
  const vm = library.createVM({ ...options, system, host: { write, now: () => Date.now(), sleep: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms) } });
  try {
    const result = await vm.runAsync(text);
    vm.verifyHeap();
    return result.status === "done" ? output : `${output}${result.kind}: ${result.message}`;
  } finally {
    system.close!();
  }
}
const attempts = (...calls: string[]): string => calls.map((call) => `try { print(${call}); } catch (e) { print(e); }`).join("\n");
const PAIR = `let server = socket_create(AF_INET, SOCK_STREAM, 0); server.bind("127.0.0.1", 0); server.listen(5);
  let client = socket_create(AF_INET, SOCK_STREAM, 0); client.connect("127.0.0.1", server.port); let peer = server.accept();`;

describe.each(OPTIONS)("sockets with %s", (_, options) => {
  test("a server and a client in two tasks", async () => {
    expect(await run(`
      let server = socket_create(AF_INET, SOCK_STREAM, 0); server.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1); server.bind("127.0.0.1", 0); server.listen(5);
      async fn serve(s) { let c = s.accept(); let data = c.recv(100); let n = c.send("[" + __string_from_bytes(data) + "]"); c.close(); return n; }
      let task = spawn(serve, server);
      let c = socket_create(AF_INET, SOCK_STREAM, 0); print([c.address, c.port, c.closed, c.nonblocking, c.fd > 0, typeof(c)]);
      c.connect("127.0.0.1", server.port); print([c.address, c.port == server.port]);
      let b = buffer(3); b[0] = 65; b[1] = 0; b[2] = 66; print(c.send(b)); let r = c.recv(100); print([r.length, r[0], r[2], r[4]]);
      print(join(task)); print(c.recv(1).length); c.close(); c.close(); print([c.closed, c.fd]); server.close();`, { options })).toBe(
      "[null, 0, false, false, true, socket]\n[127.0.0.1, true]\n3\n[5, 91, 0, 93]\n5\n0\n[true, -1]\n");
  });

  test("datagrams", async () => {
    expect(await run(`
      let a = socket_create(AF_INET, SOCK_DGRAM, 0); a.bind("127.0.0.1", 0); let b = socket_create(AF_INET, SOCK_DGRAM, 0);
      print(b.sendto("127.0.0.1", a.port, "hello")); let p = a.recvfrom(3); print([p.keys(), p.data.to_string(), p.address]);
      print(a.sendto(p.address, p.port, p.data)); print(b.recvfrom(100).data.to_string());
      b.connect("127.0.0.1", a.port); print(b.send("again")); print(a.recv(100).to_string()); a.close(); b.close();`, { options })).toBe(
      "5\n[[data, address, port], hel, 127.0.0.1]\n3\nhel\n5\nagain\n");
  });

  test("poll", async () => {
    expect(await run(`${PAIR}
      print(poll([], 10)); print(poll([{ fd: peer, events: POLLIN }], 0)); print(poll([{ fd: peer, events: POLLIN }], 20).length);
      let out = poll([{ fd: peer, events: POLLIN | POLLOUT }, { fd: server, events: POLLIN }], -1); print([out.length, out[0].revents, out[0].fd == peer]);
      async fn later(c) { __sleep(0.02); c.send("x"); return null; }
      let t = spawn(later, client); let found = poll([{ fd: server, events: POLLIN }, { fd: peer, events: POLLIN }], 5000); print([found.length, found[0].revents]);
      print(peer.recv(5).to_string()); client.close(); print(poll([{ fd: peer, events: POLLIN }], 5000)[0].revents & POLLIN); print(peer.recv(5).length); join(t);`, { options })).toBe(
      "[]\n[]\n0\n[1, 4, true]\n[1, 1]\nx\n1\n0\n");
  });

  test("a socket that does not block", async () => {
    expect(await run(`let s = socket_create(AF_INET, SOCK_STREAM, 0); s.bind("127.0.0.1", 0); s.listen(1); s.set_nonblocking(true); print([s.nonblocking, s.accept()]);
      let c = socket_create(AF_INET, SOCK_STREAM, 0); c.connect("127.0.0.1", s.port); let p = null; while (p == null) { p = s.accept(); }
      p.set_nonblocking(true); print(p.recv(10)); c.send("abc"); let d = null; while (d == null) { d = p.recv(2); } print(d.to_string()); print(p.recv(9).to_string()); print(p.send("12345"));
      let u = socket_create(AF_INET, SOCK_DGRAM, 0); u.bind("127.0.0.1", 0); u.set_nonblocking(true); ${attempts("u.recvfrom(5)")}
      let chunk = buffer(1 << 20); let sent = 1; let total = 0; while (sent > 0) { sent = p.send(chunk); total = total + sent; } print(total > 0);`, { options })).toBe(
      "[true, null]\nnull\nab\nc\n5\nFailed to recvfrom: Resource temporarily unavailable\ntrue\n");
  });
});

test("what goes wrong is an exception with the system's words", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => { free.once("listening", resolve); });
  const { port } = free.address() as AddressInfo;
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => { taken.once("listening", resolve); });
  await new Promise((resolve) => { free.close(resolve); });
  expect(await run(`let s = socket_create(AF_INET, SOCK_STREAM, 0); let u = socket_create(AF_INET, SOCK_DGRAM, 0); let v6 = socket_create(AF_INET6, SOCK_STREAM, 0);
    ${attempts(`s.connect("127.0.0.1", ${port})`, `s.bind("127.0.0.1", ${(taken.address() as AddressInfo).port})`, `s.bind("nowhere", 1)`, `v6.bind("127.0.0.1", 1)`, `s.bind("127.0.0.1", 70000)`, `s.accept()`,
    `s.send("x")`, `s.recv(1)`, `s.recv(0).length`, `s.setsockopt(1, 99, 1)`, `s.sendto("127.0.0.1", 1, "x")`, `u.sendto("::1", 1, "x")`, `u.send("x")`, `u.listen(1)`, `s.connect("no.such.host.invalid", 1)`,
    `dns_resolve("no.such.host.invalid")`, `dns_resolve("localhost")`)}`)).toBe(`Failed to connect to 127.0.0.1:${port}: Connection refused
bind() failed: Address already in use
Invalid IPv4 address: nowhere
Invalid IPv6 address: 127.0.0.1
bind() failed: Invalid argument
Socket must be listening before accept()
Failed to send data: Broken pipe
Failed to receive data: Transport endpoint is not connected
0
Failed to set socket option: Protocol not available
Failed to sendto 127.0.0.1:1: Transport endpoint is already connected
Invalid IPv4 address: ::1
Failed to send data: Destination address required
Failed to listen on socket: Operation not supported
Failed to resolve 'no.such.host.invalid': Name or service not known
Failed to resolve hostname 'no.such.host.invalid'
127.0.0.1
`);
  taken.close();
});

test("wrong arguments are refused by name", async () => {
  expect(await run(`let s = socket_create(AF_INET, SOCK_STREAM, 0);
    ${attempts(`socket_create(1)`, `socket_create("a", 1, 1)`, `socket_create(77, 1, 0)`, `socket_create(2, 9, 0)`, `s.bind("x")`, `s.bind(1, 2)`, `s.listen()`, `s.listen("x")`, `s.connect(1, 2)`, `s.send(5)`, `s.send()`, `s.recv("x")`,
    `s.recvfrom(0)`, `s.sendto("a", 1)`, `s.sendto("a", "b", "c")`, `s.setsockopt(1, 2, "x")`, `s.set_timeout("x")`, `s.set_timeout(-1)`, `s.set_nonblocking(1)`, `s.close(1)`, `s.accept(1)`, `dns_resolve()`, `dns_resolve(1)`, `poll(1, 2)`, `poll([])`,
    `poll([], "x")`, `poll([1], 0)`, `poll([{ fd: 1, events: 1 }], 0)`, `poll([{ fd: s, events: "x" }], 0)`, `s.nothing`, `s.nothing()`)}
    s.close(); ${attempts(`s.recv(1)`, `s.send("x")`, `s.bind("127.0.0.1", 0)`, `s.listen(1)`, `s.accept()`, `s.connect("127.0.0.1", 1)`, `s.set_timeout(1)`, `poll([{ fd: s, events: 1 }], 0)`)}`)).toBe(`socket_create() expects 3 arguments (domain, type, protocol)
socket_create() arguments must be integers
Failed to create socket: Address family not supported by protocol
Failed to create socket: Socket type not supported
bind() expects 2 arguments (address, port)
bind() expects (string address, integer port)
listen() expects 1 argument (backlog)
listen() backlog must be integer
connect() expects (string address, integer port)
send() expects string or buffer argument
send() expects 1 argument (data)
recv() size must be integer
recvfrom() size must be positive
sendto() expects 3 arguments (address, port, data)
sendto() expects (string address, integer port, data)
setsockopt() arguments must be integers
set_timeout() timeout must be numeric
Failed to set receive timeout: Numerical argument out of domain
set_nonblocking() argument must be boolean
close() expects no arguments
accept() expects no arguments
dns_resolve() expects 1 argument (hostname)
dns_resolve() hostname must be string
poll() first argument must be array
poll() expects 2 arguments (fds, timeout_ms)
poll() second argument must be integer (timeout_ms)
poll() array elements must be objects with 'fd' and 'events'
poll() fd must be a socket or file
poll() events must be an integer
Unknown property 'nothing' for socket
Socket has no method 'nothing'
Cannot recv on closed socket
Cannot send on closed socket
Cannot bind closed socket
Cannot listen on closed socket
Cannot accept on closed socket
Cannot connect closed socket
Cannot set_timeout on closed socket
poll() fd must be a socket or file
`);
});

test("time limits, and a socket that is closed while a task waits on it", async () => {
  expect(await run(`${PAIR} peer.set_timeout(0.03); let from = __time_ms(); ${attempts("peer.recv(5)")} print(__time_ms() - from >= 25); server.set_timeout(0.01); ${attempts("server.accept()")}
    async fn wait(s) { try { return s.recv(1); } catch (e) { return e; } } peer.set_timeout(0); let t = spawn(wait, peer); __sleep(0.01); peer.close(); let r = join(t); print(typeof(r) == "buffer" || typeof(r) == "string");`)).toBe(
    "Failed to receive data: Resource temporarily unavailable\ntrue\nFailed to accept connection: Resource temporarily unavailable\ntrue\n");
});

test("tasks sleep and count while others wait for sockets", async () => {
  expect(await run(`${PAIR} let ticks = channel(10);
    async fn tick(ch) { let i = 0; while (i < 3) { __sleep(0.005); ch.send(i); i = i + 1; } ch.close(); return null; }
    async fn answer(c) { __sleep(0.1); c.send("late"); return null; }
    let a = spawn(tick, ticks); let b = spawn(answer, client); let got = peer.recv(10); let seen = []; let v = ticks.recv(); while (v != null) { seen.push(v); v = ticks.recv(); } print([got.to_string(), seen]); join(a); join(b);`)).toBe("[late, [0, 1, 2]]\n");
});

test("tasks that never wait do not keep others from what came", async () => {
  expect(await run(`${PAIR} let got = null; async fn take(p) { got = p.recv(10).to_string(); return null; } async fn say(c) { __sleep(0.01); c.send("x"); return null; }
    let t = spawn(take, peer); let s = spawn(say, client); let rounds = 0; while (got == null) { rounds = rounds + 1; } print(got); print(rounds > 0); join(t); join(s);
    async fn spin(ch) { while (true) { ch.send(1); ch.recv(); } } detach(spawn(spin, channel(2))); async fn answer(c) { c.send("y"); return null; } join(spawn(answer, client)); print(peer.recv(5).to_string());`)).toBe("x\ntrue\ny\n");
});

test("more than the buffers hold goes through whole, and the end is seen behind it", async () => {
  expect(await run(`${PAIR}
    async fn feed(c) { let b = buffer(3000000); memset(buffer_ptr(b), 7, 3000000); let n = c.send(b); c.close(); return n; }
    let t = spawn(feed, client); let total = 0; let sum = 0; let d = peer.recv(65536); while (d.length > 0) { total = total + d.length; sum = sum + d[d.length - 1]; d = peer.recv(65536); } print([join(t), total, sum > 0]);`)).toBe("[3000000, 3000000, true]\n");
});

test("a server in Hemlock answers a hundred clients at a time", async () => {
  const CLIENTS = 100, ROUNDS = 5;
  let port = 0, answered = 0;
  const clients = (): void => {
    for (let i = 0; i < CLIENTS; i++) {
      let rounds = 0;
      const socket = connect(port, "127.0.0.1", () => socket.write(`${i}`)).setEncoding("utf8");
      socket.on("data", (text: string) => {
        if (text !== `${i}`) throw new Error(`${i} was answered with ${text}`);
        answered++;
        if (++rounds === ROUNDS) socket.end();
        else socket.write(`${i}`);
      });
    }
  };
  expect(await run(`
    async fn echo(c) { let d = c.recv(4096); while (d.length > 0) { c.send(d); d = c.recv(4096); } c.close(); return 1; }
    let server = socket_create(AF_INET, SOCK_STREAM, 0); server.bind("127.0.0.1", 0); server.listen(128); print(server.port);
    let tasks = []; while (tasks.length < ${CLIENTS}) { tasks.push(spawn(echo, server.accept())); } let n = 0; for (t in tasks) { n = n + join(t); } print(n);`, {
    onOutput: (text) => {
      if (port !== 0) return;
      port = Number(text);
      setTimeout(clients);
    },
  })).toMatch(/^\d+\n100\n$/);
  expect(answered).toBe(CLIENTS * ROUNDS);
});

test("without the capability, and on an engine that cannot wait, sockets are refused", async () => {
  expect(await run(attempts("socket_create(2, 1, 0)", `dns_resolve("localhost")`, "poll([], 0)"), { grants: [] })).toBe(
    ["socket_create", "dns_resolve", "poll"].map((name) => `'${name}' needs the network capability, which this VM was not given\n`).join(""));
  const { tree } = await import("../../dist/tree.js" as string) as typeof import("../../src/tree.ts");
  expect(await run(`let s = socket_create(AF_INET, SOCK_STREAM, 0); print(s.closed); s.bind("127.0.0.1", 0);`, { options: { engine: tree } })).toMatch(/^false\nfatal: .*tree/);
});

test("a program that goes on from an image learns that its sockets are gone", async () => {
  const system = nodeSystem(["network"]), vm = library.createVM({ system });
  const first = vm.run(`let s = socket_create(AF_INET, SOCK_DGRAM, 0); fn wait() { try { return "" + s.recvfrom(5).length; } catch (e) { return e; } } let r = wait(); try { s.recv(1); } catch (e) { r = r + " / " + e; } r;`, { repl: true });
  expect([first.status === "error" && first.message, vm.pendingCalls()]).toEqual(["the script waits for the host: socket.recvfrom", [{ id: 1, name: "socket.recvfrom", args: [] }]]);
  const image = vm.snapshot();
  system.close!();
  const second = library.restoreVM(image, { system: nodeSystem(["network"]) });
  expect(await second.resumeAsync()).toEqual({ status: "done", value: "socket.recvfrom() was interrupted: the program went on from an image / Cannot recv on closed socket" });
});
