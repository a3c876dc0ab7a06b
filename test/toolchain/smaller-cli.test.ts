import { edit, withoutUnusedImports } from "../../tools/toolchain/smaller-cli.mjs";

/** That what remains compiles, and is the CLI that our stacks need, all of `e2e` shows where the CLI is built. */

test("each edit is made wherever its text stands", () => {
  const edits = [
    [/\n\t_ "cloud\/\w+"/g, ""],
    [/aws\.Input/g, "input"],
  ] as const;

  expect(edit('import (\n\t_ "cloud/a"\n\t_ "cloud/b"\n\t"file"\n)\nvar i aws.Input', "backend.go", edits)).toBe(
    'import (\n\t"file"\n)\nvar i input',
  );
});

test("a replacement is taken word for word", () => {
  expect(edit("package a", "a.go", [[/a$/, "$&b"]])).toBe("package $&b");
});

test("a version of the CLI without the text is named, with the file", () => {
  expect(() => edit("package diy", "backend/diy/bucket.go", [[/awss3/g, ""]])).toThrow(
    /^backend\/diy\/bucket\.go of Pulumi v3\.\d+\.\d+ has no \/awss3\/g$/,
  );
});

test("an import goes with the last use of it, where its name is known", () => {
  const imports = (lines: readonly string[], uses: string) =>
    `package cmd\n\nimport (\n${lines.map((line) => `\t${line}`).join("\n")}\n)\n\n${uses}\n`;
  const used = ['"errors"', '_ "embed"', 'cmdStack "pulumi/stack"', '"hashicorp/go-multierror"', '"blang/semver/v4"'];
  const unused = ['"fmt"', 'cmdConvert "pulumi/convert"', '"spf13/cobra"', '"gopkg.in/yaml.v3"', '"uuid/v5"'];
  const uses = "var e = errors.New(cmdStack.Name, multierror.Append(semver.V, recobra.x, convert.x, v5.x))";

  expect(withoutUnusedImports(imports([...used, ...unused], uses))).toBe(imports(used, uses));
  expect(withoutUnusedImports("package cmd\n\nvar x = 1\n")).toBe("package cmd\n\nvar x = 1\n");
});
