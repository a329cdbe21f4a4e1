function sort(a, from, to) {
  while (from < to) {
    const pivot = a[(from + to) >> 1];
    let i = from, j = to;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        const t = a[i];
        a[i] = a[j];
        a[j] = t;
        i++;
        j--;
      }
    }
    sort(a, from, j);
    from = i;
  }
}
export function run() {
  const a = [];
  let seed = 12345;
  for (let i = 0; i < 100000; i++) {
    seed = (seed * 1103 + 12289) % 1000003;
    a.push(seed);
  }
  sort(a, 0, a.length - 1);
  let check = 0;
  for (let i = 0; i < a.length; i++) check = (check * 31 + a[i]) % 65521;
  return check;
}
