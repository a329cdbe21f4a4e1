export function run() {
  const n = 1000000, flags = [];
  for (let i = 0; i <= n; i++) flags.push(true);
  let count = 0;
  for (let i = 2; i <= n; i++) {
    if (!flags[i]) continue;
    count++;
    for (let j = i + i; j <= n; j += i) flags[j] = false;
  }
  return count;
}
