import { symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { type InstalledPackage, installPackage } from "../../packaging/installed-package.ts";
import { useLab } from "../../support/use-lab.ts";
import { type Install, linkPackages, linkWorkspace, type TextProgram } from "../support/program.ts";
import { Stack } from "../support/stack.ts";

const ARGUMENTS = `{ host: "director1", protocol: "tcp", address: "192.168.4.5:80", boot: false }`;
const ES_MODULE = `import * as lvs from "pulumi-lvs"; export const key = new lvs.VirtualService("web", ${ARGUMENTS}).key;`;
const COMMONJS = `const lvs = require("pulumi-lvs"); exports.key = new lvs.VirtualService("web", ${ARGUMENTS}).key;`;

/** The program is one workspace of several, and the packages are above it. */
const hoist: Install = (folder) => linkWorkspace(dirname(folder));

const lab = useLab({ hosts: ["director1"] });
let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage();
  lab.atEnd(() => installed.remove());
});

const unpack: Install = (folder) => symlinkSync(dirname(installed.folder), join(folder, "node_modules"));

const layouts: [string, Install, TextProgram][] = [
  ["a workspace, in TypeScript by Node itself", hoist, { text: ES_MODULE }],
  [
    "a link, in TypeScript by Pulumi's loader",
    linkPackages,
    { text: ES_MODULE, modules: "commonjs", typescript: true },
  ],
  ["a packed tarball, as an ES module", unpack, { text: ES_MODULE, file: "index.js" }],
  ["a packed tarball, as CommonJS", unpack, { text: COMMONJS, file: "index.js", modules: "commonjs" }],
];

test.each(layouts)(
  "in %s, the state holds the same few words, and a destroy finds the package by them",
  async (_, install, program) => {
    const stack = await Stack.create(lab, { program, install, wholeSdk: true });
    try {
      await stack.up();
      expect(await lab.host("director1").text("ipvsadm -Sn")).toBe("-A -t 192.168.4.5:80 -s wlc");
      const web = stack.resources().get("web");
      const words = 'exports.handler = () => require("pulumi-lvs/runtime").VirtualService;';
      expect(web?.inputs["__provider"]).toBe(words);
      expect(web?.outputs["__provider"]).toBe(words);
      expect(Buffer.byteLength(words)).toBeLessThanOrEqual(90);
      const [program] = [...stack.resources().values()].filter(({ type }) => type === "pulumi:pulumi:Stack");
      expect(program?.outputs["key"]).toBe("tcp 192.168.4.5:80");
    } finally {
      await stack.destroy();
      stack.remove();
    }
    expect(await lab.host("director1").text("ipvsadm -Sn")).toBe("");
  },
);
