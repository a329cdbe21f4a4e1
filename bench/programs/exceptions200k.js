function inner(n) {
  if (n % 2 === 0) throw n;
  return n;
}
function middle(n) {
  let r = 0;
  try { r = inner(n); } finally { r = r + 1; }
  return r;
}
export function run() {
  let total = 0;
  for (let i = 0; i < 200000; i++) {
    try { total += middle(i % 1000); } catch (e) { total += e; }
  }
  return total;
}
