-- Returns up to ARGV[5] items after the sequence number ARGV[4], of the set ARGV[3].
local items = {}
local found = redis.call('ZRANGEBYSCORE', of_queue(ARGV[3]), '(' .. ARGV[4], '+inf', 'LIMIT', 0, ARGV[5])
for at, sequence in ipairs(found) do
  items[at] = read_item(sequence)
end
return items
