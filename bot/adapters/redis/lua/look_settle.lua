#!lua
-- Ends a look at a page: the next is due, or none; an edit goes on ENTRIES as the next revision,
-- its page kept for whoever reads it.
-- KEYS: 1 due zset, 2 looks hash, 3 revisions hash of the feed, 4 entries, 5 prefix of kept pages
-- ARGV: 2 article id, 3 token, 4 looks so far, 5 ms until the next ('' for none), 6 ms the feed is
--       remembered, 7 encoded Entry of an edit ('' for none), 8 its encoded page ('' for
--       one too large), 9 ms that is kept
-- Returns the revision of an edit, 0 without one, -1 when the lease has gone to somebody else.
local due, look, id = KEYS[1], KEYS[2], ARGV[2]
if redis.call('HGET', look, 'token') ~= ARGV[3] then return -1 end
if ARGV[5] == '' then
  redis.call('ZREM', due, id)
  redis.call('DEL', look)
else
  redis.call('ZADD', due, digits(NOW + ARGV[5]), id)
  redis.call('HINCRBY', look, 'token', 1)  -- this lease is spent
  redis.call('HSET', look, 'looks', ARGV[4])
  redis.call('HDEL', look, 'leased')
end
if ARGV[7] == '' then return 0 end
local revision = redis.call('HINCRBY', KEYS[3], id, 1)
redis.call('PEXPIRE', KEYS[3], ARGV[6])
if ARGV[8] ~= '' then
  redis.call('SET', KEYS[5] .. id .. ':' .. digits(revision), ARGV[8], 'PX', ARGV[9])
end
xadd(KEYS[4], 'rev', digits(revision), 'd', ARGV[7])
return revision
