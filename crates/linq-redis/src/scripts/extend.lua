-- Lets the lease of the key ARGV[3] with the token ARGV[4] end in ARGV[5] microseconds. Returns whether it is held.
if not is_held(ARGV[3], ARGV[4]) then
  return 0
end
work_without_memory()
redis.call('ZADD', of_queue('keys'), text(now() + ARGV[5]), ARGV[3])
return 1
