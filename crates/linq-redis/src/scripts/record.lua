-- Returns the record with the id ARGV[3].
return read_record(ARGV[3], now())
