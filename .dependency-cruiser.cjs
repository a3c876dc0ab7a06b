/**
 * Who may import whom. Knowledge flows one way: words (model), what a host says (facts), how its system differs (dialects),
 * what is wanted of it (kinds). Only host/ does I/O, only resources/ and components/ know Pulumi.
 */
const PROVIDER = "^provider/";
const VALUES = { dependencyTypesNot: ["type-only"] };
const PULUMI = "^@pulumi/|node_modules/@pulumi/";

/** The rule of one place: all that it imports must be on its list. */
const mayImport = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { pathNot: [from, ...allowed] },
});

const ZOD = "node_modules/zod";
const IP = "node_modules/ipaddr\\.js";
/** What drives a resource through its life; nothing below it may know it. */
const LIFE = "^provider/(lifecycle|runtime|reconcile|check|diff|inventory|record)\\.ts$";
const CORE = "^provider/(model|facts|dialects|kinds)/";

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: { path: PROVIDER }, to: { circular: true, viaOnly: VALUES } },
    {
      name: "no-unknown-modules",
      comment: "an import that cannot be resolved, or a package that package.json does not name",
      severity: "error",
      from: { path: PROVIDER },
      to: { dependencyTypes: ["unknown", "npm-no-pkg", "npm-unknown", "undetermined"] },
    },
    {
      name: "the-core-does-no-io",
      comment: "plans are made from data, so that a preview can show them and a test needs no host",
      severity: "error",
      from: { path: `${CORE}|^provider/(step|file|errors|reconcile|check|diff|inventory|record|lifecycle)\\.ts$` },
      to: { path: `node_modules/ssh2|^provider/host/`, ...VALUES },
    },
    {
      name: "the-core-does-no-io-of-node-either",
      severity: "error",
      from: { path: `${CORE}|^provider/(step|file|errors|reconcile|check|diff|inventory|record|lifecycle)\\.ts$` },
      to: { dependencyTypes: ["core"], pathNot: ["^(node:)?(util|crypto|assert|path|timers)(/|$)"], ...VALUES },
    },
    mayImport(
      "the-model-is-words-alone",
      "^provider/model/",
      [ZOD, IP, "^(node:)?(net|util)$"],
      "model imports zod and nothing of ours",
    ),
    mayImport("a-step-is-data", "^provider/step\\.ts$", ["^provider/file\\.ts$"]),
    {
      name: "facts-do-not-know-kinds",
      severity: "error",
      from: { path: "^provider/facts/" },
      to: {
        path: `^provider/(kinds|dialects|host|resources|components)/|${LIFE}`,
      },
    },
    {
      name: "dialects-do-not-know-kinds",
      severity: "error",
      from: { path: "^provider/dialects/" },
      to: { path: `^provider/(kinds|host|resources|components)/|${LIFE}` },
    },
    {
      name: "kinds-know-only-what-is-below",
      severity: "error",
      from: { path: "^provider/kinds/" },
      to: { path: `^provider/(host|resources|components)/|${LIFE}` },
    },
    {
      name: "a-host-knows-no-kind",
      severity: "error",
      from: { path: "^provider/host/" },
      to: { path: `^provider/(kinds|resources|components)/|${LIFE}`, ...VALUES },
    },
    {
      name: "only-host-knows-ssh2",
      severity: "error",
      from: { path: PROVIDER, pathNot: "^provider/host/" },
      to: { path: "node_modules/(ssh2|@types/ssh2)" },
    },
    {
      name: "only-resources-and-components-know-pulumi",
      comment: "elsewhere its types are welcome, its code is not: loading it takes longer than everything of ours",
      severity: "error",
      from: { path: PROVIDER, pathNot: "^provider/(resources|components)/" },
      to: { path: PULUMI, ...VALUES },
    },
    {
      name: "the-lifecycle-knows-no-resource",
      severity: "error",
      from: { path: LIFE },
      to: { path: "^provider/(resources|components)/" },
    },
    {
      name: "resources-reach-the-rest-through-the-shim",
      comment: "a program that declares resources must not load what applies them",
      severity: "error",
      from: { path: "^provider/(resources|components)/" },
      to: { path: "^provider/(kinds|facts|dialects|host|model)/|^provider/[^/]+\\.ts$", ...VALUES },
    },
    {
      name: "resources-do-not-know-components",
      severity: "error",
      from: { path: "^provider/resources/" },
      to: { path: "^provider/components/" },
    },
    {
      name: "the-package-knows-no-test",
      severity: "error",
      from: { path: PROVIDER },
      to: { path: "^(test|bench|examples)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^provider/(dist|\\.dist-[^/]*)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["types", "require", "node", "default"] },
  },
};
