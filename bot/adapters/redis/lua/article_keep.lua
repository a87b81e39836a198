#!lua flags=allow-oom
-- Copies a record of ARTICLES to KEPT, once: what is shown on a full server can be checked later.
-- KEYS kept, kept:ids, kept:copies, where:<article>
-- ARGV shift, position, record, revision, article|revision, fingerprint, ms of KEPT
-- Returns 1, or 0 when it was there.
local kept, ids, copies, where = unpack(KEYS)
local _, position, record, revision, id, text, long = unpack(ARGV)
local stored = string.match(position, '^%d+')
if redis.call('ZADD', ids, 'NX', stored, id) == 0 then return 0 end
local copy = xadd(kept, 't', 'a', 'd', record, 'p', position)
redis.call('ZADD', copies, stored, position .. '|' .. copy)
redis.call('HSET', where, 'text:' .. text, revision)
if tonumber(redis.call('HGET', where, 'kept:revision') or 0) <= tonumber(revision) then
  redis.call('HSET', where, 'kept', position, 'kept:revision', revision)
end
redis.call('PEXPIRE', where, long)
return 1
