#!lua flags=allow-oom
-- Lays entries down that a living consumer could not finish: they are stale at once, and none of
-- the crashes before was theirs, for this consumer outlived them.
-- KEYS: 1 stream
-- ARGV: 2 group, 3 consumer, 4 ms idle, 5.. ids
for i = 5, #ARGV do
  if owns(KEYS[1], ARGV[2], ARGV[3], ARGV[i]) then
    redis.call('XCLAIM', KEYS[1], ARGV[2], ARGV[3], 0, ARGV[i], 'IDLE', ARGV[4], 'RETRYCOUNT', 0,
      'JUSTID')
  end
end
