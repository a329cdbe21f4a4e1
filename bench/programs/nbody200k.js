const SOLAR = 4 * Math.PI * Math.PI, DAYS = 365.24;
const body = (x, y, z, vx, vy, vz, mass) => ({ x, y, z, vx: vx * DAYS, vy: vy * DAYS, vz: vz * DAYS, mass: mass * SOLAR });
const bodies = () => [
  body(0, 0, 0, 0, 0, 0, 1),
  body(4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023, 0.000954791938424326609),
  body(8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411135, 0.00499852801234917238, 0.0000230417297573763929, 0.000285885980666130812),
  body(12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556, 0.0000436624404335156298),
  body(15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870, 0.0000515138902046611451),
];
function settle(b) {
  let px = 0, py = 0, pz = 0;
  for (const c of b) { px += c.vx * c.mass; py += c.vy * c.mass; pz += c.vz * c.mass; }
  b[0].vx = -px / SOLAR; b[0].vy = -py / SOLAR; b[0].vz = -pz / SOLAR;
}
function advance(b, n) {
  for (let i = 0; i < n; i++) {
    const p = b[i];
    for (let j = i + 1; j < n; j++) {
      const q = b[j], dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z, d2 = dx * dx + dy * dy + dz * dz;
      const mag = 0.01 / (d2 * Math.sqrt(d2)), mp = p.mass * mag, mq = q.mass * mag;
      p.vx -= dx * mq; p.vy -= dy * mq; p.vz -= dz * mq;
      q.vx += dx * mp; q.vy += dy * mp; q.vz += dz * mp;
    }
  }
  for (const c of b) { c.x += 0.01 * c.vx; c.y += 0.01 * c.vy; c.z += 0.01 * c.vz; }
}
function energy(b, n) {
  let e = 0;
  for (let i = 0; i < n; i++) {
    const p = b[i];
    e += 0.5 * p.mass * (p.vx * p.vx + p.vy * p.vy + p.vz * p.vz);
    for (let j = i + 1; j < n; j++) {
      const q = b[j], dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z;
      e -= (p.mass * q.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return e;
}
export function run() {
  const b = bodies();
  settle(b);
  for (let s = 0; s < 200000; s++) advance(b, 5);
  return Math.floor(energy(b, 5) * -1000000);
}
