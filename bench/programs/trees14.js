const tree = (d) => (d === 0 ? { left: null, right: null } : { left: tree(d - 1), right: tree(d - 1) });
const check = (t) => (t.left === null ? 1 : 1 + check(t.left) + check(t.right));
export function run() {
  const deepest = 14, keep = tree(deepest);
  let total = check(tree(deepest + 1));
  for (let d = 4; d <= deepest; d += 2) {
    const rounds = 1 << (deepest - d + 4);
    for (let i = 0; i < rounds; i++) total += check(tree(d));
  }
  return total + check(keep);
}
