#!lua
-- Finishes the read hop: the article on ARTICLES, its copy in KEPT when asked for, and where it
-- stands.
-- KEYS entries, articles, kept, kept:ids, kept:copies, where:<article>
-- ARGV shift, group, consumer, entry, record, revision, article|revision, fingerprint,
--      '1' to keep, ms of ARTICLES, ms of KEPT
-- Returns the position, or '' when the entry is not the consumer's any more.
local entries, articles, kept, ids, copies, where = unpack(KEYS)
local _, group, consumer, entry, record, revision, id, text, keep, short, long = unpack(ARGV)
if not owns(entries, group, consumer, entry) then return '' end
local position = xadd(articles, 't', 'a', 'd', record)

-- Several feeds may carry one article id; of equal revisions the later one is the newest.
local function remember(field)
  local known = tonumber(redis.call('HGET', where, field .. ':revision') or 0)
  if known <= tonumber(revision) then
    redis.call('HSET', where, field .. ':revision', revision, field, position)
  end
end

remember('newest')
local stored = string.match(position, '^%d+')
if keep == '1' and redis.call('ZADD', ids, 'NX', stored, id) == 1 then
  local copy = xadd(kept, 't', 'a', 'd', record, 'p', position)
  redis.call('ZADD', copies, stored, position .. '|' .. copy)
  redis.call('HSET', where, 'text:' .. text, revision)
  remember('kept')
end
redis.call('PEXPIRE', where, redis.call('HEXISTS', where, 'kept') == 1 and long or short)
redis.call('XACK', entries, group, entry)
return position
