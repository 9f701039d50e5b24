-- Returns up to ARGV[4] records after the sequence number ARGV[3]: those in the state ARGV[5], or all.
local time = now()
local set = ARGV[5] and in_queue('state', ARGV[5]) or of_queue('records')
local records = {}
for at, id in ipairs(redis.call('ZRANGEBYSCORE', set, '(' .. ARGV[3], '+inf', 'LIMIT', 0, ARGV[4])) do
  records[at] = read_record(id, time)
end
return records
