const square = (side) => ({ side, area() { return this.side * this.side; } });
const oblong = (a, b) => ({ a, b, area() { return this.a * this.b; } });
export function run() {
  const shapes = [square(2), oblong(2, 3), square(4)];
  let total = 0;
  for (let i = 0; i < 1000000; i++) total += shapes[i % 3].area();
  return total;
}
