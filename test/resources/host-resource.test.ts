import { runInNewContext } from "node:vm";
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
