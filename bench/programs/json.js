export function run() {
  let rows = [];
  for (let i = 0; i < 2000; i++) rows.push({ id: i, name: "row " + i, tags: ["a", "b\n", "c"], score: i / 4, ok: i % 3 === 0, none: null });
  let total = 0;
  for (let round = 0; round < 10; round++) {
    const text = JSON.stringify(rows);
    rows = JSON.parse(text);
    total += text.length;
  }
  return total;
}
