export function run() {
  const map = new Map();
  for (let i = 0; i < 100000; i++) {
    const key = "k" + ((i * 7919) | 0) % 20011;
    map.set(key, (map.get(key) ?? 0) + (i % 10));
  }
  let total = 0, keys = 0;
  for (const v of map.values()) { total += v; keys++; }
  for (let i = 0; i < 20011; i += 2) if (map.delete("k" + i)) total++;
  return total + keys;
}
