import { join } from "node:path";
import ts from "typescript";
import { repository } from "../../tools/toolchain/paths.mjs";

/** Every class, function and type that a program can import, with its members: an editor shows their doc comments. */
const entry = join(repository, "provider", "index.ts");
const { config } = ts.readConfigFile(join(repository, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
  config: object;
};
const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, repository);
const program = ts.createProgram([entry], { ...options, noEmit: true });
const checker = program.getTypeChecker();

const exported = (() => {
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  return module === undefined ? [] : checker.getExportsOfModule(module).map(resolved);
})();

function isSet(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}

function resolved(symbol: ts.Symbol): ts.Symbol {
  return isSet(symbol.flags, ts.SymbolFlags.Alias) ? checker.getAliasedSymbol(symbol) : symbol;
}

function commentOf(symbol: ts.Symbol): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
}

/** Arguments and outputs, of ours and not of Pulumi's base classes, as long as another file does not say more. */
function membersOf(symbol: ts.Symbol): readonly ts.Symbol[] {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const isUnion = type.isUnion() && type.types.every(({ flags }) => isSet(flags, ts.TypeFlags.Object));
  const types = isUnion ? type.types : [type];
  if (types.some(({ flags }) => !isSet(flags, ts.TypeFlags.Object))) return [];
  return types.flatMap((one) => checker.getPropertiesOfType(one)).filter(isOurs);
}

function isOurs(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((declaration) => {
    const file = declaration.getSourceFile().fileName;
    return file.startsWith(join(repository, "provider")) && !ts.isMethodDeclaration(declaration);
  });
}

test("the public classes and types are found", () => {
  expect(exported.filter(({ flags }) => isSet(flags, ts.SymbolFlags.Class)).length).toBeGreaterThanOrEqual(17);
  const members = new Map(exported.map((symbol) => [symbol.name, membersOf(symbol).map(({ name }) => name)]));
  expect(members.get("VirtualService")).toEqual(
    expect.arrayContaining(["host", "key", "commands", "scheduler", "live"]),
  );
  expect(members.get("VirtualServiceArgs")).toEqual(expect.arrayContaining(["protocol", "fwmark", "realServers"]));
});

test("each public class, type, argument and output has a doc comment", () => {
  const missing = exported.flatMap((symbol) => {
    const members = membersOf(symbol).filter((member) => commentOf(member) === "");
    const own = commentOf(symbol) === "" ? [symbol.name] : [];
    return [...own, ...members.map(({ name }) => `${symbol.name}.${name}`)];
  });
  expect(missing).toEqual([]);
});
