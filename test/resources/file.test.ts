import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readAsset } from "../../provider/resources/args/asset";
import { File, type FileArgs } from "../../provider/resources/file";

const folder = mkdtempSync(join(tmpdir(), "file-"));
const path = (name: string, bytes: string | Buffer) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

/** What the provider is given, and whether Pulumi knows it for a secret. */
async function given(args: Partial<FileArgs>): Promise<Readonly<Record<string, unknown>>> {
  let inputs: Readonly<Record<string, unknown>> = {};
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      inputs = resource.inputs as Record<string, unknown>;
      return { id: "id", state: inputs };
    },
    call: () => ({}),
  });
  const file = new File("conf", { host: "web1", path: "/etc/a.conf", ...args });
  await new Promise((resolve) => file.urn.apply(resolve));
  const { content, contentBase64, mode, secret, source } = inputs;
  return { content, contentBase64, mode, secret, source };
}

const plain = { mode: "0644", secret: false };

test.each<[string, () => Partial<FileArgs>, object]>([
  ["a text", () => ({ content: "a\n" }), { content: "a\n", ...plain }],
  ["bytes", () => ({ contentBase64: "AP8=" }), { contentBase64: "AP8=", ...plain }],
  ["a text as an asset", () => ({ source: new pulumi.asset.StringAsset("a\n") }), { content: "a\n", ...plain }],
  [
    "a file of texts",
    () => ({ source: new pulumi.asset.FileAsset(path("a", "caf\u00e9\n")) }),
    { content: "caf\u00e9\n", ...plain },
  ],
  [
    "a file of bytes",
    () => ({ source: new pulumi.asset.FileAsset(path("b", Buffer.from([0, 255]))) }),
    { contentBase64: "AP8=", ...plain },
  ],
  [
    "an asset that is known later",
    () => ({ source: pulumi.output(new pulumi.asset.StringAsset("a")) as never }),
    { content: "a", ...plain },
  ],
  ["a mode of its own", () => ({ content: "a", mode: "0755" }), { content: "a", mode: "0755", secret: false }],
])("%s is handed on as content", async (_name, args, expected) => {
  expect(await given(args())).toEqual(expected);
});

test("a secret is known for one, and nobody else may read it unless the program says so", async () => {
  expect(await given({ content: pulumi.secret("a") })).toMatchObject({ secret: true, mode: "0600" });
  expect(await given({ content: pulumi.interpolate`a=${pulumi.secret("b")}` })).toMatchObject({
    secret: true,
    mode: "0600",
  });
  expect(await given({ content: pulumi.secret("a"), mode: "0640" })).toMatchObject({ secret: true, mode: "0640" });
});

test("two contents, and a source that is none, are refused", async () => {
  const two = { content: "a", contentBase64: "YQ==" };
  expect(() => new File("conf", { host: "web1", path: "/etc/a.conf", ...two })).toThrow(
    "File conf: give one of content, contentBase64 and source",
  );
  await expect(readAsset({})).rejects.toThrow("File: source must be a FileAsset or a StringAsset");
  await expect(readAsset({ path: join(folder, "nosuch") })).rejects.toThrow(
    /^File: the source cannot be read: Error: ENOENT.*nosuch/,
  );
});
