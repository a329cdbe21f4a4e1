export function run() {
  let s = "";
  for (let i = 0; i < 200000; i++) s = s + "x";
  return s.length + s.charCodeAt(100000);
}
