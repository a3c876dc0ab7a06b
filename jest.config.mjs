/**
 * Three suites. `unit` needs nothing but Node and runs in parallel; `lab` boots real kernels, `e2e` runs the real Pulumi CLI
 * against them.
 */
const { PULUMI_LVS_SDK: sdk } = process.env;
/** tools/toolchain/sdk.mjs runs tests with another version of Pulumi's SDK. */
const otherSdk = sdk === undefined ? {} : { "^@pulumi/pulumi(/.*)?$": `${sdk}/node_modules/@pulumi/pulumi$1` };

const shared = {
  testEnvironment: "node",
  // Everything of ours becomes CommonJS, the tests' .mjs too. swc does not check types: `npm run check` does.
  transform: {
    "^.+\\.[cm]?[jt]s$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2023" },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  // Tests run the sources; test/packaging and test/e2e show that the compiled package does the same.
  moduleNameMapper: {
    "^pulumi-lvs$": "<rootDir>/provider/index.ts",
    "^pulumi-lvs/runtime$": "<rootDir>/provider/runtime.ts",
    "^#schemas$": "<rootDir>/provider/schemas.ts",
    ...otherSdk,
  },
  modulePathIgnorePatterns: ["<rootDir>/provider/dist", "<rootDir>/provider/\\.dist-"],
  restoreMocks: true,
  setupFilesAfterEnv: ["<rootDir>/tools/toolchain/time-limit.mjs"],
};

// Steps of tests are reported as they end, too.
const VERBOSE = process.argv.includes("--verbose");

const slow = ["<rootDir>/test/lab/", "<rootDir>/test/e2e/"];

export default {
  testSequencer: "<rootDir>/tools/toolchain/sequencer.mjs",
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", ...slow],
      globals: { PATIENCE_MS: 30_000, VERBOSE },
    },
    {
      ...shared,
      displayName: "lab",
      testMatch: ["<rootDir>/test/lab/**/*.test.ts"],
      globals: { PATIENCE_MS: 180_000, VERBOSE },
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      setupFilesAfterEnv: [...shared.setupFilesAfterEnv, "<rootDir>/tools/toolchain/await-preparation.mjs"],
      // Most tests are several steps, and each step has a limit of its own.
      globals: { PATIENCE_MS: 1_800_000, VERBOSE },
    },
  ],
};
