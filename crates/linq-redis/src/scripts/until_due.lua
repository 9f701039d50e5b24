-- Returns how many microseconds it takes until an item is due, if there is one.
local first = redis.call('ZRANGE', of_queue('keys'), 0, 0, 'WITHSCORES')
return first[1] and math.max(first[2] - now(), 0)
