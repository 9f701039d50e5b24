-- Marks the layout of an empty store as that of ARGV[3], and returns the version of the layout. It writes even if nothing
-- changes, so that a replica refuses it.
redis.call('SET', prefix .. 'format', ARGV[3], 'NX')
return redis.call('GET', prefix .. 'format')
