function counter() {
  let c = 0;
  return (d) => (c = c + d);
}
export function run() {
  const f = counter();
  let last = 0;
  for (let i = 0; i < 1000000; i++) last = f(1);
  for (let i = 0; i < 200000; i++) {
    const g = (x) => x + i;
    last = (last + g(1)) % 1000003;
  }
  return last;
}
