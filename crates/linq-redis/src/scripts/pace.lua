-- Takes one from each limit if all of them allow it, by the generic cell rate algorithm. Otherwise returns how many
-- microseconds it is until all of them can. From ARGV[3] on, each limit has a key, an interval and a tolerance.
local time = now()
local wait = 0
local arrivals = {}
for at = 3, #ARGV, 3 do
  local stored = redis.call('GET', prefix .. 'pace:' .. ARGV[at])
  local arrival = math.max(stored and tonumber(stored) or 0, time)
  wait = math.max(wait, arrival - (time + ARGV[at + 2]))
  arrivals[at] = arrival + ARGV[at + 1]
end
if wait > 0 then
  return wait
end
for at = 3, #ARGV, 3 do
  -- What is in the past is the same as nothing.
  local expires = text(math.ceil((arrivals[at] - time) / 1000) + 1)
  redis.call('SET', prefix .. 'pace:' .. ARGV[at], text(arrivals[at]), 'PX', expires)
end
return false
