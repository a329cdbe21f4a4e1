// A fuzzer as a command: a child process does the work, one case for each seed, and a parent watches it. A case that hangs is
// killed, and its seed printed; so is one that takes the process with it.

import { fork } from "node:child_process";

/** Cases between two signs of life that are sent before the work. */
const BATCH = 200;
const PATIENCE_MS = 20_000;

function work(judge: (seed: number) => string, seed: number, cases: number): void {
  for (let i = 0; i < cases; i++) {
    if (i % BATCH === 0) process.send!({ at: seed + i });
    process.send!({ seed: seed + i, verdict: judge(seed + i) });
  }
  process.exit(0);
}

/** Runs cases in children of the script; prints what is found, and at the end, or when it is interrupted, the number of cases by verdict. */
function watch(script: string, seed: number, cases: number): Promise<void> {
  const counts = new Map<string, number>();
  let findings = 0, isOver = false;
  const found = (what: string): void => {
    findings++;
    console.log(what);
  };
  return new Promise((done) => {
    let next = seed;
    const start = (): void => {
      const stop = (): void => {
        isOver = true;
        child.kill("SIGKILL");
      };
      const child = fork(script, ["--work", String(next), String(seed + cases - next)], { execArgv: process.execArgv });
      let last = Date.now();
      const timer = setInterval(() => {
        if (Date.now() - last < PATIENCE_MS) return;
        found(`seed ${next}: hangs`);
        next++;
        child.kill("SIGKILL");
      }, 1000);
      process.on("SIGINT", stop).on("SIGTERM", stop);
      child.on("message", (message: { seed?: number; verdict?: string }) => {
        last = Date.now();
        if (message.seed === undefined) return;
        next = message.seed + 1;
        const kind = message.verdict === "ran" || message.verdict === "refused" ? message.verdict : "WRONG";
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        if (kind === "WRONG") found(`seed ${message.seed}: ${message.verdict}`);
      });
      child.on("exit", (code, signal) => {
        clearInterval(timer);
        process.off("SIGINT", stop).off("SIGTERM", stop);
        if (code !== 0 && signal !== "SIGKILL" && !isOver) found(`seed ${next++}: the process ended with ${code ?? signal}`);
        if (next < seed + cases && !isOver) return start();
        console.log(`${next - seed} cases from seed ${seed}: ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(", ")}; ${findings} findings`);
        process.exitCode = findings === 0 ? 0 : 1;
        done();
      });
    };
    start();
  });
}

/** Does the work of a fuzzer when its file, `script`, is the command: `[cases] [seed]`. `prepare` gives the judge of one seed. */
export async function watched(script: string, prepare: () => (seed: number) => string): Promise<void> {
  const [, command, mode, ...rest] = process.argv;
  if (command !== script) return;
  if (mode === "--work") work(prepare(), Number(rest[0]), Number(rest[1]));
  else await watch(script, Number(rest[0] ?? 1), Number(mode ?? 10_000));
}
