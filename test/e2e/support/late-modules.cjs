/**
 * Loaded into each Node that the CLI starts in a test. At its start Pulumi's SDK loads TypeScript, npm's tree of packages, its automation
 * and its tracing, and listens to V8 like a debugger: half of a program's processor time, for functions that it would have to write
 * down, for stacks that run programs of their own, for spans. Our resources have none of these. Here each is loaded when something of
 * it is first used. Lines of stack traces are those of the JavaScript that runs. test/e2e/lifecycle/layouts.test.ts, the demo and the
 * bench start the SDK as users do.
 */
const Module = require("node:module");

const LATE = new Set([
  "typescript",
  "@npmcli/arborist",
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
  "./automation",
  "./closure/codePaths",
]);

const load = Module._load;
Module._load = function (name, ...rest) {
  const now = () => load.call(this, name, ...rest);
  // What reads the maps of sources, for each stack trace that the SDK keeps of a resource.
  if (name === "source-map-support/register") return {};
  if (name === "../../runtime/closure/v8Hooks") return late(now, { isInitializedAsync: async () => undefined });
  return LATE.has(name) ? late(now) : now();
};

/** Compiled imports ask for __esModule at once, and take single functions and classes out: these are late, too. */
function late(loadNow, known = { __esModule: true }) {
  let loaded;
  const get = () => (loaded ??= loadNow());
  return new Proxy(function () {}, {
    get: (_, key) => (loaded === undefined ? (known[key] ?? late(() => get()[key], {})) : Reflect.get(loaded, key)),
    apply: (_, self, args) => Reflect.apply(get(), self, args),
    construct: (_, args) => Reflect.construct(get(), args),
  });
}
