-- Takes one from each limit if all of them allow it, by the generic cell rate algorithm. Otherwise returns how many
-- microseconds it is until all of them can. From ARGV[3] on, each limit has a key, an interval and the size of a burst.
local time = now()
local wait = 0
local arrivals = {}
for at = 3, #ARGV, 3 do
  local interval = tonumber(ARGV[at + 1])
  local burst = interval * ARGV[at + 2]
  local full = time + burst
  local arrival = tonumber(redis.call('GET', prefix .. 'pace:' .. ARGV[at]) or 0)
  if arrival > full + burst then
    -- It comes from another rate, or from a clock that was set back.
    arrival = full - interval
  end
  arrivals[at] = math.max(arrival, time) + interval
  wait = math.max(wait, arrivals[at] - full)
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
