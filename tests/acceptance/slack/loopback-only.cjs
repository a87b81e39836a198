// Preload for a program we did not write (node --require): whoever listens without naming a host
// gets 127.0.0.1, so that nothing we test with can be reached from outside.
const { Server } = require('node:net');

const everywhere = (host) => !host || host === '::' || host === '0.0.0.0';
const original = Server.prototype.listen;

Server.prototype.listen = function listen(...given) {
  const [first, second] = given;
  const isPort = typeof first === 'number' || /^\d+$/.test(String(first));
  if (isPort && typeof second === 'string') {
    given[1] = everywhere(second) ? '127.0.0.1' : second;
  } else if (isPort) {
    given.splice(1, 0, '127.0.0.1');
  } else if (first && typeof first === 'object' && 'port' in first && everywhere(first.host)) {
    given[0] = { ...first, host: '127.0.0.1' };
  }
  return original.apply(this, given);
};
