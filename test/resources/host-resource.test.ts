import { runInNewContext } from "node:vm";
import * as lvs from "../../provider/index";
import { providerText } from "../../provider/resources/host-resource";
import * as runtime from "../../provider/runtime";

describe("the text that Pulumi keeps in state", () => {
  test("is this, byte for byte, for ever: old states hold it", () => {
    expect(providerText("RealServer")).toBe('exports.handler = () => require("pulumi-lvs/runtime").RealServer;');
  });

  test.each(Object.keys(runtime))("finds what it asks for: %s", (kind) => {
    const evaluated: { handler?: () => unknown } = {};
    const load = (name: string) => {
      expect(name).toBe("pulumi-lvs/runtime");
      return runtime;
    };
    runInNewContext(providerText(kind), { exports: evaluated, require: load });
    expect(evaluated.handler?.()).toMatchObject({ create: expect.any(Function), delete: expect.any(Function) });
  });
});

describe("isInstance", () => {
  test("knows resources and components by their type, also those of another copy of the package", () => {
    const service = { __pulumiType: "pulumi-nodejs:dynamic/lvs:VirtualService" };
    expect(lvs.VirtualService.isInstance(service)).toBe(true);
    expect(lvs.RealServer.isInstance(service)).toBe(false);
    expect(lvs.DrCluster.isInstance({ __pulumiType: "lvs:index:DrCluster" })).toBe(true);
    expect(lvs.NatCluster.isInstance({ __pulumiType: "lvs:index:DrCluster" })).toBe(false);
    expect(lvs.SharedDocumentRoot.isInstance({ __pulumiType: "lvs:index:SharedDocumentRoot" })).toBe(true);
  });

  test.each([undefined, null, "web", {}, []])("%j is none", (value) => {
    expect(lvs.VirtualService.isInstance(value)).toBe(false);
    expect(lvs.SharedDocumentRoot.isInstance(value)).toBe(false);
  });
});
