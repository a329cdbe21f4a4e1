export function run() {
  let s = 0, i = 0;
  while (i < 10000000) { s = (s + 3) | 0; i = (i + 1) | 0; }
  return s;
}
