# The programs of ../programs for Python; same algorithms, same results.
import math

def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)

def bench_fib30():
    return fib(30)

def bench_fib35():
    return fib(35)

def bench_loop10m():
    s = 0
    i = 0
    while i < 10000000:
        s = s + 3
        i = i + 1
    return s

def bench_sieve1m():
    n = 1000000
    flags = []
    count = 0
    i = 0
    while i <= n:
        flags.append(True)
        i = i + 1
    for i in range(2, n + 1):
        if flags[i]:
            count = count + 1
            for j in range(i + i, n + 1, i):
                flags[j] = False
    return count

PI = 3.141592653589793
SOLAR_MASS = 4 * PI * PI
DAYS = 365.24

class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx
        self.vy = vy
        self.vz = vz
        self.mass = mass

def nbody_init():
    return [
        Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, SOLAR_MASS),
        Body(4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
             0.00166007664274403694 * DAYS, 0.00769901118419740425 * DAYS, -0.0000690460016972063023 * DAYS,
             0.000954791938424326609 * SOLAR_MASS),
        Body(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
             -0.00276742510726411135 * DAYS, 0.00499852801234917238 * DAYS, 0.0000230417297573763929 * DAYS,
             0.000285885980666130812 * SOLAR_MASS),
        Body(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
             0.00296460137564761618 * DAYS, 0.00237847173959480950 * DAYS, -0.0000296589568540237556 * DAYS,
             0.0000436624404335156298 * SOLAR_MASS),
        Body(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
             0.00268067772490389322 * DAYS, 0.00162824170038242295 * DAYS, -0.0000951592254519715870 * DAYS,
             0.0000515138902046611451 * SOLAR_MASS),
    ]

def nbody_run(steps):
    b = nbody_init()
    n = len(b)
    sqrt = math.sqrt
    px = py = pz = 0.0
    for c in b:
        px = px + c.vx * c.mass
        py = py + c.vy * c.mass
        pz = pz + c.vz * c.mass
    b[0].vx = -px / SOLAR_MASS
    b[0].vy = -py / SOLAR_MASS
    b[0].vz = -pz / SOLAR_MASS
    for s in range(steps):
        for i in range(n):
            bi = b[i]
            for j in range(i + 1, n):
                bj = b[j]
                dx = bi.x - bj.x
                dy = bi.y - bj.y
                dz = bi.z - bj.z
                d2 = dx * dx + dy * dy + dz * dz
                mag = 0.01 / (d2 * sqrt(d2))
                mi = bi.mass * mag
                mj = bj.mass * mag
                bi.vx = bi.vx - dx * mj
                bi.vy = bi.vy - dy * mj
                bi.vz = bi.vz - dz * mj
                bj.vx = bj.vx + dx * mi
                bj.vy = bj.vy + dy * mi
                bj.vz = bj.vz + dz * mi
        for i in range(n):
            c = b[i]
            c.x = c.x + 0.01 * c.vx
            c.y = c.y + 0.01 * c.vy
            c.z = c.z + 0.01 * c.vz
    e = 0.0
    for i in range(n):
        p = b[i]
        e = e + 0.5 * p.mass * (p.vx * p.vx + p.vy * p.vy + p.vz * p.vz)
        for j in range(i + 1, n):
            q = b[j]
            ex = p.x - q.x
            ey = p.y - q.y
            ez = p.z - q.z
            e = e - (p.mass * q.mass) / sqrt(ex * ex + ey * ey + ez * ez)
    return e

def bench_nbody200k():
    return math.floor(nbody_run(200000) * -1000000)

def bench_strcat200k():
    s = ""
    i = 0
    while i < 200000:
        s = s + "x"
        i = i + 1
    return len(s) + ord(s[100000])

def bench_strjoin200k():
    a = []
    for i in range(200000):
        a.append("item" + str(i))
    s = "".join(a)
    return len(s) + ord(s[100000])

class Pt:
    def __init__(self):
        self.x = 0
        self.y = 1
        self.z = 2

def bench_props5m():
    o = Pt()
    i = 0
    while i < 5000000:
        o.x = o.x + o.y
        if o.x > 1000000:
            o.x = o.z
        i = i + 1
    return o.x

class Node2:
    __slots__ = ("left", "right")
    def __init__(self, l, r):
        self.left = l
        self.right = r

def tree(d):
    if d == 0:
        return Node2(None, None)
    return Node2(tree(d - 1), tree(d - 1))

def tcheck(t):
    if t.left is None:
        return 1
    return 1 + tcheck(t.left) + tcheck(t.right)

def bench_bintrees14():
    maxd = 14
    total = tcheck(tree(maxd + 1))
    keep = tree(maxd)
    for d in range(4, maxd + 1, 2):
        for i in range(2 ** (maxd - d + 4)):
            total = total + tcheck(tree(d))
    return total + tcheck(keep)

# CLI: python3 bench.py <bench> <reps> <budget_ms>
def _main():
    import sys
    if len(sys.argv) < 2:
        return
    if sys.argv[1] == "idle":
        for line in open("/proc/self/status"):
            if line.startswith("VmHWM:"):
                print("IDLE " + line.split()[1] + " 0")
        return
    import time
    fn = globals()["bench_" + sys.argv[1]]
    reps = int(sys.argv[2])
    budget = float(sys.argv[3])
    out = []
    total = 0.0
    chk = None
    for _ in range(reps):
        t0 = time.perf_counter()
        chk = fn()
        ms = (time.perf_counter() - t0) * 1000
        out.append("%.3f" % ms)
        total += ms
        if total > budget:
            break
    print("RESULT", chk, " ".join(out))

if __name__ == "__main__":
    _main()
