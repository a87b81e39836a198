#!lua flags=allow-oom
-- Ends what other processes had taken; the caller knows that they are all dead.
-- KEYS: 1 desk, 2 feeds:due, 3 looks:due, 4 prefix of the looks, 5 prefix of the posts, then the
--       stream of each group, then the turns of each host
-- ARGV: 2 ms without a heartbeat after which an entry is taken over, 3 ms in which a request that
--       was sent may still land, 4.. groups
-- Returns how many entries, posts, feeds and looks somebody had.
local idle, grace = tonumber(ARGV[2]), tonumber(ARGV[3])
local now = NOW - tonumber(ARGV[1])  -- real, as the leases of posts are
local entries, posts, feeds, looks = 0, 0, 0, 0
redis.call('HDEL', KEYS[1], 'owner', 'until')

-- The post was being sent when its process died: one that may be out is looked up, but not
-- before it has landed.
local function end_lease(stream, id)
  local entry = redis.call('XRANGE', stream, id, id)[1]
  if not entry or entry[2][1] ~= 'k' then return end
  local post = KEYS[5] .. entry[2][2]
  local ends, tried = unpack(redis.call('HMGET', post, 'until', 'first_try'))
  if not ends or tonumber(ends) <= now then return end
  posts = posts + 1
  if tried then
    redis.call('HSET', post, 'until', digits(math.min(tonumber(ends), now + grace)))
  else
    redis.call('HDEL', post, 'until')
  end
end

local first_turns = 6
for g = 4, #ARGV do
  local stream, group, from = KEYS[first_turns], ARGV[g], '-'
  first_turns = first_turns + 1
  repeat
    local page = redis.pcall('XPENDING', stream, group, from, '+', 100)
    if page.err then break end  -- nobody has worked here yet
    for _, row in ipairs(page) do
      local id, consumer, waited = row[1], row[2], row[3]
      if waited < idle then
        entries = entries + 1
        redis.call('XCLAIM', stream, group, consumer, 0, id, 'IDLE', ARGV[2], 'JUSTID')
      end
      if group == 'deliver' then end_lease(stream, id) end
      from = '(' .. id
    end
  until #page < 100
end

for i = first_turns, #KEYS do
  local turns = redis.call('HGETALL', KEYS[i])
  for j = 1, #turns, 2 do
    local name = string.match(turns[j], '^at:(.*)$')
    if name then
      redis.call('HDEL', KEYS[i], turns[j])
      if redis.call('ZSCORE', KEYS[2], name) then
        feeds = feeds + 1
        redis.call('ZADD', KEYS[2], digits(NOW), name)
      end
    end
  end
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], digits(NOW), '+inf')) do
  if redis.call('HDEL', KEYS[4] .. id, 'leased') == 1 then
    looks = looks + 1
    redis.call('ZADD', KEYS[3], digits(NOW), id)
  end
end
return {entries, posts, feeds, looks}
