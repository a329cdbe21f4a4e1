export function run() {
  const o = { x: 0, y: 1, z: 2 };
  for (let i = 0; i < 5000000; i++) {
    o.x = o.x + o.y;
    if (o.x > 1000000) o.x = o.z;
  }
  return o.x;
}
