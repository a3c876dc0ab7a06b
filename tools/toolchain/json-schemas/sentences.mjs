import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** @typedef {import("typescript").Node} Node */
/** @typedef {{ readonly sentences: Map<string, string>, readonly from: string[] }} Documented */

/**
 * What the interfaces of a package say of their properties. Read from the text alone, without the types of other packages.
 * @param {string} sources
 * @returns {Promise<import("./make.mjs").Sentence>}
 */
export async function sentencesOf(sources) {
  const { default: ts } = await import("typescript");
  /** @type {Map<string, Documented>} */
  const found = new Map();
  for (const folder of ["resources", "components"]) {
    for (const name of await readdir(join(sources, folder), { recursive: true })) {
      if (!name.endsWith(".ts")) continue;
      const text = await readFile(join(sources, folder, name), "utf8");
      ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true).forEachChild(collect);
    }
  }
  return sentence;

  /** @param {Node} node */
  function collect(node) {
    if (!ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node)) return;
    /** @type {Documented} */
    const documented = { sentences: new Map(), from: [] };
    found.set(node.name.text, documented);
    if (ts.isTypeAliasDeclaration(node)) {
      namesIn(node.type, documented);
      return;
    }
    for (const clause of node.heritageClauses ?? []) for (const type of clause.types) namesIn(type, documented);
    for (const member of node.members) {
      if (!ts.isPropertySignature(member)) continue;
      const said = textOf(member);
      if (said !== undefined) documented.sentences.set(member.name.getText(), said);
    }
  }

  /**
   * `Omit<SyncDaemonArgs, "host">`: where else properties may be described.
   * @param {Node} node
   * @param {Documented} documented
   */
  function namesIn(node, documented) {
    if (ts.isIdentifier(node)) documented.from.push(node.text);
    node.forEachChild((child) => namesIn(child, documented));
  }

  /** @param {import("typescript").PropertySignature} member */
  function textOf(member) {
    const [comment] = ts.getJSDocCommentsAndTags(member).filter((one) => ts.isJSDoc(one));
    if (comment === undefined) return undefined;
    const main = plain(ts.getTextOfJSDocComment(comment.comment));
    const tags = (comment.tags ?? []).filter(({ tagName }) => tagName.text === "default");
    const defaults = tags.map((tag) => `Default: ${plain(ts.getTextOfJSDocComment(tag.comment))}.`);
    return [main, ...defaults].join(" ");
  }

  /**
   * @param {string} name
   * @param {string} property
   * @returns {string | undefined}
   */
  function sentence(name, property) {
    const documented = found.get(name);
    if (documented === undefined) return undefined;
    const own = documented.sentences.get(property);
    if (own !== undefined) return own;
    return documented.from.map((other) => sentence(other, property)).find((said) => said !== undefined);
  }
}

/**
 * Without examples of code, which are TypeScript.
 * @param {string | undefined} text
 */
function plain(text = "") {
  return text
    .replaceAll(/```[^]*?```/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
