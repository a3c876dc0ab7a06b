import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../tools/toolchain/paths.mjs";

/** A page for readers. */
export interface Page {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
  /** The text without its blocks of code. */
  readonly prose: string;
  readonly blocks: readonly Block[];
}

/** A fenced block of code. */
export interface Block {
  /** Its first line in the page. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** Every page that is written by hand. */
export function allPages(): readonly Page[] {
  return [...markdownIn("."), ...markdownBelow("docs"), ...markdownBelow("examples")].map(readPage);
}

/** The anchors of a page's headings, as a forge makes them. */
export function anchorsOf({ prose }: Page): readonly string[] {
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

function markdownIn(folder: string): string[] {
  return readdirSync(join(repository, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
}

function markdownBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md") && !path.split("/").includes("node_modules") && !path.startsWith("api/"))
    .map((path) => join(folder, path));
}

function readPage(path: string): Page {
  const text = readFileSync(join(repository, path), "utf8");
  const blocks = [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(
    ({ 1: language = "", 2: code = "", index }): Block => {
      return { line: text.slice(0, index).split("\n").length, language, text: code };
    },
  );
  return { path, text, prose: text.replaceAll(/^```[\s\S]*?^```$/gm, ""), blocks };
}
