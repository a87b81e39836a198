#!lua
-- Puts a version in force, if the one it was made from still is, and tells the desk where in
-- ARTICLES it begins; drops the version that is too old.
-- KEYS: 1 versions, 2 version:<number>, 3 version:<the one to drop>, 4 articles
-- ARGV: 2 base, 3 number, 4 about, 5 files, 6 control record
-- Returns 1, or 0 when another version is in force by now.
if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[2], 'about', ARGV[4], 'files', ARGV[5])
redis.call('DEL', KEYS[3])
redis.call('SET', KEYS[1], ARGV[3])
xadd(KEYS[4], 't', 'c', 'd', ARGV[6])
return 1
