#!lua
-- Ends polls that found nothing to pass on or to remember, many at once, each by its own token.
-- KEYS: 1 due zset, 2 hosts hash, 3 hosts that answered, 4 hosts that did not, 5 network hash;
--       prefixes of 6 feed hashes, 7 seen zsets, 8 prints, 9 revisions,
--       10 turns hashes
-- ARGV: 2 ms a feed is remembered, 3 ms turns are remembered, 4 ms KEYS[3] and [4] are; then for
--       each: feed id, token, state, next due ms, host ('' for none), its host from now on ('' for
--       the same), ms the host is left alone (0 for not at all), '1' for a host that answered,
--       '0' for one out of reach, '' for neither
-- Returns 1 each, or 0 when the lease has gone to somebody else or the feed is polled no more.
-- What is remembered is renewed once a day.
local DAY = 86400000
local results, reached, unreached = {}, {}, {}
for i = 5, #ARGV, 8 do
  local id, token, state, due, host, next_host, hold, answered = unpack(ARGV, i, i + 7)
  local feed = KEYS[6] .. id
  if redis.call('HGET', feed, 'token') ~= token or not redis.call('ZSCORE', KEYS[1], id) then
    results[#results + 1] = 0
  else
    -- This lease is spent.
    redis.call('HSET', feed, 'token', digits(token + 1), 'state', state)
    redis.call('ZADD', KEYS[1], 'XX', due, id)
    if host ~= '' then
      local turns = KEYS[10] .. host
      redis.call('HDEL', turns, 'at:' .. id)
      if hold ~= '0' then
        local known = tonumber(redis.call('HGET', turns, 'hold') or 0)
        if known > NOW + 90000000 then known = 0 end  -- from before the clock was set back
        redis.call('HSET', turns, 'hold', digits(math.max(known, NOW + hold)))
        redis.call('PEXPIRE', turns, ARGV[3])
      end
      if answered == '1' then reached[#reached + 1] = host end
      if answered == '0' then unreached[#unreached + 1] = host end
    end
    if next_host ~= '' then
      local bridge = string.match(redis.call('HGET', KEYS[2], id) or '', '^%*') or ''
      redis.call('HSET', KEYS[2], id, bridge .. next_host)
    end
    if redis.call('PTTL', KEYS[8] .. id) < ARGV[2] - DAY then
      for j = 6, 9 do redis.call('PEXPIRE', KEYS[j] .. id, ARGV[2]) end
    end
    results[#results + 1] = 1
  end
end
for key, hosts in pairs({[KEYS[3]] = reached, [KEYS[4]] = unreached}) do
  if #hosts > 0 then
    redis.call('PFADD', key, unpack(hosts))
    redis.call('PEXPIRE', key, ARGV[4])
  end
end
if #reached > 0 then redis.call('HSET', KEYS[5], 'answered', digits(NOW)) end
return results
