-- What all scripts share: it is put in front of each of them.
--
-- KEYS[1] is the prefix of all keys of the store. It contains the hash tag, so that a cluster keeps them in one slot.
-- ARGV[1] is the name of the queue, ARGV[2] how far the clock of the store is ahead of the server's, in microseconds.
--
-- The keys of a store:
--   sequence, token       the counters of items and records, and of fencing tokens
--   format                the version of this layout
--   pace:LIMIT            the theoretical arrival time of a limit
--   item:SEQUENCE         an item: id, key, kind, body, received, due, attempts, error
-- The keys of a queue:
--   keys                  the ordering keys with items, by when their first item is due or their lease ends
--   leases                the fencing tokens of the ordering keys that are leased
--   key:KEY               the sequence numbers of the items of an ordering key, in order
--   waiting, order        the ids of waiting items with their sequence numbers; these numbers in order
--   dead, letters, died   the ids of dead letters with their sequence numbers; these numbers in order, and by time of death
--   ended                 the ids of finished items, by when they ended
--   record:ID             a record: sequence, state, body, version, updated
--   records, state:STATE  the ids of records, and of those in a state, by sequence number
--   updated               the ids of records, by when they were last written

local prefix, queue = KEYS[1], ARGV[1]

local function of_queue(what)
  return prefix .. what .. ':' .. queue
end

-- The length keeps the names of two queues apart.
local function in_queue(what, name)
  return prefix .. what .. ':' .. #queue .. ':' .. queue .. ':' .. name
end

local function item_at(sequence)
  return prefix .. 'item:' .. sequence
end

-- Lua itself would round a number of microseconds.
local function text(number)
  return string.format('%.0f', number)
end

-- Returns the time in microseconds since 1970.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2] + ARGV[2]
end

local function next_sequence()
  return text(redis.call('INCR', prefix .. 'sequence'))
end

-- Lets a script go on when memory is full: the server refuses only the first write of a script.
local function work_without_memory()
  redis.call('UNLINK', prefix .. 'nothing')
end

local function is_held(key, token)
  return redis.call('HGET', of_queue('leases'), key) == token
end

-- Adds an item, which exists already, to the end of its key.
local function append(sequence, id, key, due)
  redis.call('HSET', of_queue('waiting'), id, sequence)
  redis.call('ZADD', of_queue('order'), sequence, sequence)
  redis.call('RPUSH', in_queue('key', key), sequence)
  redis.call('ZADD', of_queue('keys'), 'NX', due, key)
end

local function read_item(sequence)
  local fields =
    redis.call('HMGET', item_at(sequence), 'id', 'key', 'kind', 'received', 'attempts', 'error', 'body')
  return { sequence, fields }
end

-- Returns nil if there is no such record.
local function read_record(id, time)
  local fields = redis.call('HMGET', in_queue('record', id), 'sequence', 'state', 'body', 'version', 'updated')
  if fields[1] then
    return { id, fields, time - fields[5] }
  end
end
