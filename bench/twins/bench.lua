-- The programs of ../programs for Lua 5.1 to 5.4 and LuaJIT; same algorithms, same results. Only bench_* is global.

local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
function bench_fib30() return fib(30) end
function bench_fib35() return fib(35) end

function bench_loop10m()
  local s, i = 0, 0
  while i < 10000000 do s = s + 3; i = i + 1 end
  return s
end

function bench_sieve1m()
  local n, flags, count = 1000000, {}, 0
  for i = 0, n do flags[i] = true end
  for i = 2, n do
    if flags[i] then
      count = count + 1
      for j = i + i, n, i do flags[j] = false end
    end
  end
  return count
end

local PI = 3.141592653589793
local SOLAR_MASS = 4 * PI * PI
local DAYS = 365.24
local sqrt = math.sqrt
local function Body(x, y, z, vx, vy, vz, mass)
  return { x = x, y = y, z = z, vx = vx, vy = vy, vz = vz, mass = mass }
end
local function nbody_init()
  return {
    Body(0, 0, 0, 0, 0, 0, SOLAR_MASS),
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
  }
end
local function nbody_run(steps)
  local b = nbody_init()
  local n = #b
  local px, py, pz = 0, 0, 0
  for i = 1, n do
    local c = b[i]
    px = px + c.vx * c.mass; py = py + c.vy * c.mass; pz = pz + c.vz * c.mass
  end
  b[1].vx = -px / SOLAR_MASS; b[1].vy = -py / SOLAR_MASS; b[1].vz = -pz / SOLAR_MASS
  for s = 1, steps do
    for i = 1, n do
      local bi = b[i]
      for j = i + 1, n do
        local bj = b[j]
        local dx, dy, dz = bi.x - bj.x, bi.y - bj.y, bi.z - bj.z
        local d2 = dx * dx + dy * dy + dz * dz
        local mag = 0.01 / (d2 * sqrt(d2))
        local mi, mj = bi.mass * mag, bj.mass * mag
        bi.vx = bi.vx - dx * mj; bi.vy = bi.vy - dy * mj; bi.vz = bi.vz - dz * mj
        bj.vx = bj.vx + dx * mi; bj.vy = bj.vy + dy * mi; bj.vz = bj.vz + dz * mi
      end
    end
    for i = 1, n do
      local c = b[i]
      c.x = c.x + 0.01 * c.vx; c.y = c.y + 0.01 * c.vy; c.z = c.z + 0.01 * c.vz
    end
  end
  local e = 0
  for i = 1, n do
    local p = b[i]
    e = e + 0.5 * p.mass * (p.vx * p.vx + p.vy * p.vy + p.vz * p.vz)
    for j = i + 1, n do
      local q = b[j]
      local ex, ey, ez = p.x - q.x, p.y - q.y, p.z - q.z
      e = e - (p.mass * q.mass) / sqrt(ex * ex + ey * ey + ez * ez)
    end
  end
  return e
end
function bench_nbody200k() return math.floor(nbody_run(200000) * -1000000) end

function bench_strcat200k()
  local s = ""
  for i = 1, 200000 do s = s .. "x" end
  return #s + string.byte(s, 100001)
end
function bench_strjoin200k()
  local a = {}
  for i = 0, 199999 do a[i + 1] = "item" .. i end
  local s = table.concat(a)
  return #s + string.byte(s, 100001)
end

function bench_props5m()
  local o = { x = 0, y = 1, z = 2 }
  for i = 1, 5000000 do
    o.x = o.x + o.y
    if o.x > 1000000 then o.x = o.z end
  end
  return o.x
end

local function tree(d)
  if d == 0 then return { left = nil, right = nil } end
  return { left = tree(d - 1), right = tree(d - 1) }
end
local function tcheck(t)
  if t.left == nil then return 1 end
  return 1 + tcheck(t.left) + tcheck(t.right)
end
function bench_bintrees14()
  local maxd = 14
  local total = tcheck(tree(maxd + 1))
  local keep = tree(maxd)
  for d = 4, maxd, 2 do
    local iters = 2 ^ (maxd - d + 4)
    for i = 1, iters do total = total + tcheck(tree(d)) end
  end
  return total + tcheck(keep)
end

-- CLI: lua bench.lua <bench> <reps> <budget_ms>
if type(arg) == "table" and arg[1] then
  if arg[1] == "idle" then
    collectgarbage(); collectgarbage()
    local rss = ""
    local f = io.open("/proc/self/status")
    if f then rss = f:read("*a"):match("VmHWM:%s*(%d+)"); f:close() end
    print("IDLE " .. rss .. " " .. math.floor(collectgarbage("count") * 1024))
  else
    local fn, reps, budget = _G["bench_" .. arg[1]], tonumber(arg[2]), tonumber(arg[3])
    local total, out, chk = 0, {}, nil
    for r = 1, reps do
      collectgarbage()
      local t0 = os.clock()
      chk = fn()
      local ms = (os.clock() - t0) * 1000
      out[#out + 1] = string.format("%.3f", ms)
      total = total + ms
      if total > budget then break end
    end
    print("RESULT " .. string.format("%d", chk) .. " " .. table.concat(out, " "))
  end
end
