export function run() {
  const a = [];
  for (let i = 0; i < 200000; i++) a.push("item" + i);
  const s = a.join("");
  return s.length + s.charCodeAt(100000);
}
