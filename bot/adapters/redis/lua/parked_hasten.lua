#!lua flags=allow-oom
-- Has what is parked tried soon, though no sooner than a while after it was tried last.
-- KEYS each parked:<where>
-- ARGV shift, ms between two tries at least, ms to the one after
for _, here in ipairs(KEYS) do
  local since, tried = unpack(redis.call('HMGET', here, 'since', 'tried'))
  if since then
    local soonest = math.max(NOW, tried + ARGV[2])
    redis.call('HSET', here, 'next', digits(soonest), 'wait', ARGV[3])
  end
end
