#!lua flags=allow-oom
-- Forgets where records stood that KEPT has dropped, the oldest first. A copy stands in KEPT by
-- the time of copying and is remembered by that of its original, which ARTICLES still had.
-- KEYS: 1 kept, 2 kept:ids, 3 kept:copies, 4 prefix of the where hashes
-- ARGV: 2 ms ARTICLES keeps a record, 3 how many at most
-- Returns how many.
local kept, ids, copies, prefix = unpack(KEYS)
local first = redis.call('XRANGE', kept, '-', '+', 'COUNT', 1)[1]
local oldest = (first and tonumber(string.match(first[1], '^%d+')) or NOW) - ARGV[2]

local function is_gone(position)
  return not position or tonumber(string.match(position, '^%d+')) < oldest
end

local gone = redis.call(
  'ZRANGEBYSCORE', ids, '-inf', '(' .. digits(oldest), 'LIMIT', 0, ARGV[3])
for _, id in ipairs(gone) do
  local where = prefix .. string.match(id, '^(.*)|')
  local newest, copy = unpack(redis.call('HMGET', where, 'newest', 'kept'))
  if is_gone(copy) then
    if is_gone(newest) then
      redis.call('DEL', where)
    else
      redis.call('HDEL', where, 'kept', 'kept:revision')
      redis.call('PEXPIRE', where, ARGV[2])
    end
  end
  redis.call('ZREM', ids, id)
end
redis.call('ZREMRANGEBYSCORE', copies, '-inf', '(' .. digits(oldest))
return #gone
