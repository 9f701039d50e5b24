-- Returns how many items wait, are leased and are dead, and when the oldest waiting one was added.
local time = now()
local leased = 0
for _, key in ipairs(redis.call('HKEYS', of_queue('leases'))) do
  if tonumber(redis.call('ZSCORE', of_queue('keys'), key)) > time then
    leased = leased + 1
  end
end
local first = redis.call('ZRANGE', of_queue('order'), 0, 0)[1]
local oldest = first and redis.call('HGET', item_at(first), 'received')
return { redis.call('ZCARD', of_queue('order')), leased, redis.call('ZCARD', of_queue('letters')), oldest or false }
