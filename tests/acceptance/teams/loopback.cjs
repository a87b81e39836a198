// Preload for the emulator (node --require): a server that names no host listens on 127.0.0.1,
// not on every interface.
const { Server } = require('node:net');

const listen = Server.prototype.listen;
const open = new Set([undefined, null, '', '::', '0.0.0.0']);

Server.prototype.listen = function (first, ...rest) {
  if (first && typeof first === 'object' && 'port' in first && !first.path) {
    const host = open.has(first.host) ? '127.0.0.1' : first.host;
    return listen.call(this, { ...first, host }, ...rest);
  }
  if (typeof first === 'number' || /^\d+$/.test(String(first))) {
    if (typeof rest[0] !== 'string') rest.unshift('127.0.0.1');
    else if (open.has(rest[0])) rest[0] = '127.0.0.1';
  }
  return listen.call(this, first, ...rest);
};
