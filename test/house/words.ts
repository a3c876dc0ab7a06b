import ts from "typescript";
import { nodesOf, ourProgram } from "./our-program";

/** A name that some file of provider/ gives. */
export interface Name {
  readonly name: string;
  /** Its words: `textOf` is `text of`. */
  readonly words: string;
  /** `provider/step.ts:12` */
  readonly place: string;
}

/** All names that are declared: of types, functions, constants, parameters, properties, and what is taken out of objects. */
export function declaredNames(): readonly Name[] {
  return ourProgram().files.flatMap(({ path, file }) =>
    [...nodesOf(file)].flatMap((node): Name[] => {
      const name = nameOf(node);
      if (name === undefined) return [];
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      return [{ name, words: wordsOf(name), place: `${path}:${line + 1}` }];
    }),
  );
}

/** `IPVSTable6Of` is `ipvs table 6 of`. */
export function wordsOf(name: string): string {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).join(" ").toLowerCase();
}

function nameOf(node: ts.Node): string | undefined {
  const named =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isClassElement(node) ||
    ts.isTypeElement(node) ||
    ts.isDeclarationStatement(node) ||
    ts.isClassExpression(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node);
  const name = named ? node.name : undefined;
  return name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : undefined;
}
