// How many connections does a server in Hemlock hold, and for how long? Clients on loopback say something new as soon as they
// were answered; each answer must be what was said. A row says what came of each connection, how long answers took, and what
// the server's world and the process took at the start and at the end: neither may grow. Clients and server share a process.
//
//   npm run build && npx tsx bench/connections.ts [connections = 1000] [seconds = 30] [pause between messages, ms = 500]

import { connect, type Socket } from "node:net";
import { library } from "../tests/support/library.ts";

const { nodeSystem } = await import("../dist/node.js" as string) as typeof import("../src/node.ts");
const [connections = 1000, seconds = 30, pause = 500] = process.argv.slice(2).map(Number);
const MEGABYTE = 1 << 20;

const SERVER = `
async fn echo(c) {
  let data = c.recv(4096);
  while (data.length > 0) { c.send(data); free(data); data = c.recv(4096); }
  free(data);
  c.close();
  return null;
}
let server = socket_create(AF_INET, SOCK_STREAM, 0);
server.bind("127.0.0.1", 0);
server.listen(1024);
print(server.port);
let n = 0;
while (n < ${connections}) { detach(spawn(echo, server.accept())); n = n + 1; }
__sleep(${seconds});
`;

const latencies: number[] = [], sockets: Socket[] = [];
let lost = 0, wrong = 0, answers = 0;

function client(port: number, number: number, until: number): Promise<void> {
  return new Promise((resolve) => {
    let count = 0, said = "", heard = "", at = 0;
    const say = (): void => {
      said = `connection ${number}, message ${count++}`;
      heard = "";
      at = performance.now();
      socket.write(said);
    };
    const socket = connect(port, "127.0.0.1", say).setEncoding("utf8");
    sockets.push(socket);
    socket.on("data", (text: string) => {
      heard += text;
      if (heard.length < said.length) return;
      if (heard !== said) wrong++;
      answers++;
      if (answers % 16 === 0) latencies.push(performance.now() - at);
      if (performance.now() > until) return resolve();
      setTimeout(say, pause);
    }).on("error", () => { lost++; resolve(); }).on("end", () => { lost++; resolve(); });
  });
}

/** What is alive, and what is taken: the one must stay, the other may grow to what suits the collector. */
const live = (): number => {
  vm.collect();
  return vm.stats().liveBytes;
};
const memory = (): string => `${live()} bytes alive, world ${((vm.stats().worldBytes + vm.stats().rawBytes) / MEGABYTE).toFixed(1)} MiB, process ${(process.memoryUsage().rss / MEGABYTE).toFixed(0)} MiB`;
const decoder = new TextDecoder(), system = nodeSystem(["network", "clock"]);
let all: Promise<unknown> = Promise.resolve();
const write = (bytes: Uint8Array): void => {
  const port = Number(decoder.decode(bytes)), until = performance.now() + seconds * 1000;
  all = new Promise((resolve) => { setTimeout(resolve); }).then(() => Promise.all(Array.from({ length: connections }, (_, i) => client(port, i, until))));
};
const vm = library.createVM({ system, memory: 256 * MEGABYTE, host: { write, now: () => Date.now(), sleep() {} } }), started = performance.now();
const report = (): void => console.log(`after ${((performance.now() - started) / 1000).toFixed(1)} s: ${memory()}, ${answers} answers`);
for (const share of [0.1, 0.3, 0.6]) setTimeout(report, seconds * 1000 * share);
const run = vm.runAsync(SERVER), open = setInterval(() => {}, 1000);
await new Promise((resolve) => { setTimeout(resolve, 100); });
await all;
const took = (performance.now() - started) / 1000;
report();
latencies.sort((a, b) => a - b);
const part = (share: number): string => (latencies[Math.floor(latencies.length * share)] ?? NaN).toFixed(1);
console.log(`${connections} connections: ${lost} lost, ${wrong} answered wrongly, ${(answers / took).toFixed(0)} answers a second, half within ${part(0.5)} ms, 99 of 100 within ${part(0.99)} ms`);
for (const socket of sockets) socket.destroy();
const result = await run;
system.close!();
clearInterval(open);
if (result.status === "error") console.log(result.message);
process.exitCode = lost + wrong === 0 && result.status === "done" ? 0 : 1;
