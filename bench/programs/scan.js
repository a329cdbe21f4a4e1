export function run() {
  const text = "the quick brown fox, jumps over\nthe lazy dog. ".repeat(4000);
  let words = 0, lines = 0, sum = 0, inside = false;
  for (const c of text) {
    sum = (sum * 31 + c.codePointAt(0)) % 65521;
    if (c === "\n") lines++;
    if (c === " " || c === "\n") inside = false;
    else {
      if (!inside) words++;
      inside = true;
    }
  }
  let found = 0;
  for (let i = 0; i < text.length; i++) if (text[i] === "o") found++;
  return words * 1000 + lines + sum + found + text.split(" ").length;
}
