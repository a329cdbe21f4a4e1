function matrix(n, seed) {
  const m = [];
  for (let i = 0; i < n; i++) {
    const row = [];
    for (let j = 0; j < n; j++) row.push(((i * 7 + j * 13 + seed) % 10) / 4);
    m.push(row);
  }
  return m;
}
function multiply(a, b, n) {
  const m = [];
  for (let i = 0; i < n; i++) {
    const row = [], left = a[i];
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum = sum + left[k] * b[k][j];
      row.push(sum);
    }
    m.push(row);
  }
  return m;
}
export function run() {
  const n = 120, m = multiply(matrix(n, 1), matrix(n, 2), n);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += m[i][i];
  return Math.floor(trace * 16);
}
