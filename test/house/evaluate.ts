import ts from "typescript";

/** For what is known only while the package runs: a word that can stand for a command, an argument and a pattern. */
export const GIVEN = "given";

/** What a caller gives for the parameters of a function. */
export type Given = ReadonlyMap<ts.Declaration, ts.Expression>;

/** Puts constants of the sources together, without running them. */
export class Evaluator {
  /** The comments before all constants that it came by. */
  readonly comments = new Set<string>();
  readonly #checker: ts.TypeChecker;
  readonly #given: Given;

  constructor(checker: ts.TypeChecker, given: Given) {
    this.#checker = checker;
    this.#given = given;
  }

  textOf(expression: ts.Expression): string {
    this.#addComments(expression);
    if (ts.isStringLiteralLike(expression) || ts.isNumericLiteral(expression)) return expression.text;
    if (ts.isTemplateExpression(expression)) {
      const spans = expression.templateSpans.map((span) => this.textOf(span.expression) + span.literal.text);
      return expression.head.text + spans.join("");
    }
    if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression)) {
      return this.textOf(expression.expression);
    }
    if (ts.isCallExpression(expression)) return this.#joined(expression) ?? this.#returned(expression);
    if (!ts.isIdentifier(expression)) return GIVEN;
    const constant = this.#constant(expression);
    return constant ? this.textOf(constant) : GIVEN;
  }

  /** `LIST.join(" ")` of a constant list. */
  #joined({ expression: callee, arguments: [separator] }: ts.CallExpression): string | undefined {
    if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== "join" || !separator) return undefined;
    const constant = this.#constant(callee.expression);
    const list = constant && ts.isAsExpression(constant) ? constant.expression : constant;
    if (list === undefined || !ts.isArrayLiteralExpression(list)) return undefined;
    return list.elements.map((element) => this.textOf(element)).join(this.textOf(separator));
  }

  /** A function of one statement. */
  #returned(call: ts.CallExpression): string {
    const declaration = declarationOf(this.#checker, call.expression);
    const body = declaration && ts.isFunctionDeclaration(declaration) ? declaration.body : undefined;
    if (body) this.#addComments(body);
    const last = body?.statements.length === 1 ? body.statements[0] : undefined;
    return last && ts.isReturnStatement(last) && last.expression ? this.textOf(last.expression) : GIVEN;
  }

  #constant(name: ts.Expression): ts.Expression | undefined {
    const declaration = declarationOf(this.#checker, name);
    if (declaration === undefined) return undefined;
    return ts.isVariableDeclaration(declaration) ? declaration.initializer : this.#given.get(declaration);
  }

  /** The comments before the statement or the property that an expression is in. */
  #addComments(part: ts.Node): void {
    const { text } = part.getSourceFile();
    for (let node = part; !ts.isSourceFile(node); node = node.parent) {
      for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [])
        this.comments.add(text.slice(pos, end));
      if (ts.isStatement(node) && !ts.isBlock(node)) return;
    }
  }
}

/** Where a name comes from, in whichever file. */
export function declarationOf(checker: ts.TypeChecker, name: ts.Expression): ts.Declaration | undefined {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  const isAlias = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const origin = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
  return origin?.declarations?.[0];
}
