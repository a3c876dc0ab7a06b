import ts from "typescript";
import { declarationOf, Evaluator, type Given } from "./evaluate";
import { nodesOf, type OurProgram, ourProgram } from "./our-program";

/** Shell text that goes to a host, as it goes there. */
export interface ShellText {
  /** `provider/file-step.ts:28` */
  readonly place: string;
  readonly text: string;
  /** Findings that are meant, by comments at the constants that it is made of: `shellcheck disable=SC2086: why`. */
  readonly excluded: readonly string[];
  /** It runs in the session's own shell: an `exit` would end that. */
  readonly inShell?: boolean;
}

/** Constants that become shell text without being the `sh` of a command, by file. */
const OTHERS: Readonly<Record<string, readonly string[]>> = { "provider/host/ssh/login-shell.ts": ["READY"] };

/**
 * The shell text of each command in provider/, found in the syntax tree: a literal, or constants put together. A text that is made of
 * a function's parameters is taken once for each call of the function.
 */
export function shellTexts(): readonly ShellText[] {
  const { checker, files } = ourProgram();
  const calls = callsOf({ checker, files });
  return files.flatMap(({ path, file }) =>
    [...nodesOf(file)].flatMap((node) => {
      const value = shellValue(node) ?? otherValue(node, OTHERS[path] ?? []);
      if (value === undefined) return [];
      const place = `${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      const texts = givenFor(value, calls).map((given): ShellText => {
        const evaluator = new Evaluator(checker, given);
        const text = evaluator.textOf(value);
        return { place, text, excluded: [...evaluator.comments].flatMap(excludedBy), inShell: isInShell(node) };
      });
      return texts.filter(({ text }, index) => texts.findIndex((other) => other.text === text) === index);
    }),
  );
}

/** The value of the property `sh` of a command. */
function shellValue(node: ts.Node): ts.Expression | undefined {
  if (ts.isShorthandPropertyAssignment(node) && node.name.text === "sh") return node.name;
  if (!ts.isPropertyAssignment(node) || node.name.getText() !== "sh") return undefined;
  // The scheduler `sh` and its flags.
  return ts.isArrayLiteralExpression(node.initializer) ? undefined : node.initializer;
}

/** Whether the same command says so. */
function isInShell(node: ts.Node): boolean {
  const { parent } = node;
  if (!ts.isObjectLiteralExpression(parent)) return false;
  return parent.properties.some((property) => property.getText() === "inShell: true");
}

function otherValue(node: ts.Node, names: readonly string[]): ts.Expression | undefined {
  return ts.isVariableDeclaration(node) && names.includes(node.name.getText()) ? node.initializer : undefined;
}

type Calls = ReadonlyMap<ts.Declaration, readonly ts.CallExpression[]>;

function callsOf({ checker, files }: OurProgram): Calls {
  const calls = new Map<ts.Declaration, ts.CallExpression[]>();
  for (const node of files.flatMap(({ file }) => [...nodesOf(file)])) {
    const callee = ts.isCallExpression(node) ? declarationOf(checker, node.expression) : undefined;
    if (callee && ts.isCallExpression(node)) calls.set(callee, [...(calls.get(callee) ?? []), node]);
  }
  return calls;
}

/** What each caller gives to the function around an expression. */
function givenFor(expression: ts.Expression, calls: Calls): readonly Given[] {
  const around = ts.findAncestor(expression, ts.isFunctionDeclaration);
  const callers = around === undefined ? [] : (calls.get(around) ?? []);
  if (around === undefined || callers.length === 0) return [new Map()];
  return callers.map(
    (call) =>
      new Map(
        around.parameters.flatMap((parameter, index) => {
          const argument = call.arguments[index];
          return argument === undefined ? [] : [[parameter, argument] as const];
        }),
      ),
  );
}

function excludedBy(comment: string): string[] {
  return [...comment.matchAll(/shellcheck disable=(SC\d+(?:,SC\d+)*): \S/g)].flatMap(([, codes = ""]) =>
    codes.split(","),
  );
}
