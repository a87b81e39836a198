#!lua flags=allow-oom
-- Finishes an entry.
-- KEYS: 1 stream
-- ARGV: 2 group, 3 consumer, 4 id
-- Returns 1, or 0 when the entry is not this consumer's any more.
if not owns(KEYS[1], ARGV[2], ARGV[3], ARGV[4]) then return 0 end
return redis.call('XACK', KEYS[1], ARGV[2], ARGV[4])
