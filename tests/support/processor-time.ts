// Processor time: what a test that something does not explode may look at. Wall time says more about what else runs.

/** Milliseconds this process has computed so far. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
