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

/** Below host/, knowledge flows one way, too. */
const mayBeUsedBy = (name, folder, users) => ({
  name,
  severity: "error",
  from: { path: "^provider/host/", pathNot: `^provider/host/(${[folder, ...users].join("|")})/` },
  to: { path: `^provider/host/${folder}/` },
});

const ZOD = "node_modules/zod";
const IP = "node_modules/ipaddr\\.js";
const YAML = "node_modules/yaml";
/** What drives a resource through its life; nothing below it may know it. */
const ENGINE = "^provider/(engine/|runtime\\.ts$)";
/** Plans, and what they are made of. */
const CORE = "^provider/(model|facts|dialects|kinds)/";
const PURE = `${CORE}|^provider/(step|file-step|errors)\\.ts$|^provider/engine/`;
/** The names of what a kind observes, shared with the class of its resource. */
const PROPERTIES = "^provider/kinds/[^/]+/properties\\.ts$";
const STEPS = "^provider/(step|file-step|readable)\\.ts$";
const FACTS_MAY = [
  "^provider/model/",
  "^provider/facts/",
  "^provider/errors\\.ts$",
  STEPS,
  ZOD,
  IP,
  "^(node:)?(net|util|crypto)$",
];

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: { path: PROVIDER }, to: { circular: true } },
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
      from: { path: PURE },
      to: { path: "node_modules/ssh2|^provider/host/", ...VALUES },
    },
    {
      name: "the-core-does-no-io-of-node-either",
      severity: "error",
      from: { path: PURE },
      to: { dependencyTypes: ["core"], pathNot: ["^(node:)?(util|crypto|assert|path|timers|net)(/|$)"], ...VALUES },
    },
    mayImport(
      "the-model-is-words-alone",
      "^provider/model/",
      [ZOD, IP, "^(node:)?(net|util)$"],
      "model imports zod and nothing of ours",
    ),
    mayImport("a-step-is-data", "^provider/step\\.ts$", ["^provider/file-step\\.ts$"]),
    mayImport("facts-know-words-and-steps", "^provider/facts/", FACTS_MAY, "facts know neither kinds nor dialects"),
    mayImport(
      "dialects-know-facts",
      "^provider/dialects/",
      [...FACTS_MAY, "^provider/errors\\.ts$", YAML],
      "what differs between operating systems does not know what is wanted",
    ),
    mayImport(
      "the-schema-of-a-kind-is-words-alone",
      "^provider/kinds/[^/]+/[^/]*schema\\.ts$",
      [
        "^provider/model/",
        ZOD,
        IP,
        "^(node:)?(net|util)$",
        "^provider/kinds/[^/]+/(options|sysctls|encapsulations)\\.ts$",
      ],
      "what a user writes is read without knowing a host",
    ),
    mayImport(
      "the-facts-of-a-kind-are-facts",
      "^provider/kinds/[^/]+/[^/]*facts\\.ts$",
      [...FACTS_MAY, "^provider/kinds/[^/]+/([^/]*schema|options|encapsulations)\\.ts$"],
      "what is asked of a host does not depend on what is wanted",
    ),
    {
      name: "kinds-know-only-what-is-below",
      severity: "error",
      from: { path: "^provider/kinds/" },
      to: { path: `^provider/(host|resources|components)/|${ENGINE}` },
    },
    {
      name: "a-kind-knows-few-others",
      comment: "a folder is one kind; what several kinds need is in dialects/, facts/ or model/",
      severity: "error",
      from: { path: "^provider/kinds/([^/]+)/" },
      to: {
        path: "^provider/kinds/",
        pathNot: ["^provider/kinds/($1|real-server|kernel-tuning)/", "^provider/kinds/(define-)?kind\\.ts$"],
      },
    },
    {
      name: "the-engine-knows-no-kind-of-its-own",
      severity: "error",
      from: { path: "^provider/engine/" },
      to: { path: "^provider/(kinds/.+/|facts/(?!fact\\.ts)|dialects/|components/|resources/)" },
    },
    {
      name: "a-host-knows-no-kind",
      severity: "error",
      from: { path: "^provider/host/" },
      to: { path: `^provider/(kinds|resources|components)/|${ENGINE}`, ...VALUES },
    },
    mayBeUsedBy("ssh-is-below-shell", "ssh", ["shell", "rollback", "session"]),
    mayBeUsedBy("shell-is-below-rollback", "shell", ["rollback", "session"]),
    mayBeUsedBy("rollback-is-below-session", "rollback", ["session"]),
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
      name: "resources-load-only-the-names-of-properties",
      comment: "a program that declares resources must not load what applies them; one look-up is for both",
      severity: "error",
      from: { path: "^provider/(resources|components)/" },
      to: {
        path: "^provider/(engine|kinds|facts|dialects|host|model|schemas)/|^provider/[^/]+\\.ts$",
        // The schemas are loaded with the first component, see test/packaging.
        pathNot: `${PROPERTIES}|^provider/model/(own-value|input/unknowns)\\.ts$|^provider/schemas\\.ts$`,
        ...VALUES,
      },
    },
    {
      name: "the-schemas-of-components-are-words-alone",
      comment: "they are made of those of kinds; a program loads them with its first component",
      severity: "error",
      from: { path: "^provider/schemas(/|\\.ts$)" },
      to: {
        path: "^provider/",
        pathNot:
          "^provider/(schemas|model)/|^provider/kinds/[^/]+/[^/]*schema\\.ts$|" +
          // A program that asks for a host is told what its resources are told.
          "^provider/(engine/inventory|host/ssh/hosts-file)\\.ts$",
        ...VALUES,
      },
    },
    {
      name: "the-properties-of-a-kind-import-nothing",
      comment: "a program that declares resources loads them",
      severity: "error",
      from: { path: PROPERTIES },
      to: { path: "." },
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
      to: { path: "^(test|tools|bench|examples)/" },
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
