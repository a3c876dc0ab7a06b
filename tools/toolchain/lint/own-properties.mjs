import ts from "typescript";

/**
 * A part of an expression.
 *
 * @typedef {Parameters<NonNullable<import("eslint").Rule.NodeListener["MemberExpression"]>>[0]["property"]} Part
 */

/**
 * @typedef {{
 *   readonly program: ts.Program;
 *   readonly esTreeNodeToTSNodeMap: { readonly get: (node: Part) => ts.Node };
 * }} TypedServices
 */

/**
 * A map in a plain object has more names than those that were put in: `hosts["constructor"]` is a function, and `"toString" in options` is
 * true. So a name that is not known to the compiler is never looked up in an object, nor tested with `in`: `ownValue` and `Object.hasOwn`
 * see own properties only, and a Map has no others.
 *
 * @type {import("eslint").Rule.RuleModule}
 */
export const ownProperties = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      index: "a name that may be any text is looked up among inherited properties too: use ownValue(), or a Map",
      in: "a name that may be any text is found among inherited properties too: use Object.hasOwn()",
    },
  },
  create(context) {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- typescript-eslint puts them there, and no type says so.
    const services = /** @type {TypedServices} */ (context.sourceCode.parserServices);
    const checker = services.program.getTypeChecker();
    /** @param {Part} node */
    const typeOf = (node) => checker.getTypeAtLocation(services.esTreeNodeToTSNodeMap.get(node));
    return {
      MemberExpression(node) {
        if (!node.computed || !isAnyText(typeOf(node.property))) return;
        context.report({ node, messageId: "index" });
      },
      BinaryExpression(node) {
        if (node.operator !== "in" || node.left.type === "PrivateIdentifier") return;
        if (isAnyText(typeOf(node.left))) context.report({ node, messageId: "in" });
      },
    };
  },
};

/**
 * Text, and not one of a few words that the compiler knows. Numbers index lists.
 *
 * @param {ts.Type} type
 * @returns {boolean}
 */
function isAnyText(type) {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => {
    const base = (part.flags & ts.TypeFlags.TypeParameter) === 0 ? part : (part.getConstraint() ?? part);
    return base.isUnion() ? base.types.some(isAnyText) : (base.flags & ANY_TEXT) !== 0;
  });
}

const ANY_TEXT = ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral | ts.TypeFlags.Any | ts.TypeFlags.Unknown;
