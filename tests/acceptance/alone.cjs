// Preload for a program we did not write (node --require). It can be reached from this machine only:
// a server that names no host listens on 127.0.0.1. It starts no program, above all no browser:
// what it would have started is a process that does nothing.
const { ChildProcess } = require('node:child_process');
const { Server } = require('node:net');

const everywhere = (host) => !host || host === '::' || host === '0.0.0.0';
const listen = Server.prototype.listen;
const spawn = ChildProcess.prototype.spawn;

Server.prototype.listen = function (...given) {
  const [first, second] = given;
  const isPort = typeof first === 'number' || /^\d+$/.test(String(first));
  if (isPort && typeof second === 'string') {
    given[1] = everywhere(second) ? '127.0.0.1' : second;
  } else if (isPort) {
    given.splice(1, 0, '127.0.0.1');
  } else if (first && typeof first === 'object' && 'port' in first && everywhere(first.host)) {
    given[0] = { ...first, host: '127.0.0.1' };
  }
  return listen.apply(this, given);
};

ChildProcess.prototype.spawn = function (options) {
  return spawn.call(this, { ...options, file: process.execPath, args: [process.execPath, '-e', ''] });
};
