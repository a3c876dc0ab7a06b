/**
 * Loaded into each Node that the CLI starts in a test. Pulumi's SDK loads TypeScript and npm's tree of packages at its start, a
 * third of a run's processor time, for functions that it would have to write down; our resources have none. Here both are loaded
 * when something of them is first used. test/e2e/lifecycle/layouts.test.ts, the demo and the bench start the SDK as users do.
 */
const Module = require("node:module");

const LATE = new Set(["typescript", "@npmcli/arborist"]);

const load = Module._load;
Module._load = function (name, ...rest) {
  return LATE.has(name) ? late(() => load.call(this, name, ...rest)) : load.call(this, name, ...rest);
};

function late(loadNow) {
  let loaded;
  const get = () => (loaded ??= loadNow());
  return new Proxy(
    {},
    {
      // Compiled imports ask for __esModule at once.
      get: (_, key) => (key === "__esModule" && loaded === undefined ? true : Reflect.get(get(), key)),
      has: (_, key) => Reflect.has(get(), key),
      ownKeys: () => Reflect.ownKeys(get()),
      getOwnPropertyDescriptor: (_, key) => ({ ...Object.getOwnPropertyDescriptor(get(), key), configurable: true }),
    },
  );
}
