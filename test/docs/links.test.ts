import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { repository } from "../../tools/toolchain/paths.mjs";
import { allPages, anchorsOf, type Page } from "./pages";

const pages = allPages();
const byPath = new Map(pages.map((page) => [page.path, page]));

test("there are pages, and they have links", () => {
  expect(pages.length).toBeGreaterThan(10);
  expect(pages.flatMap(linksOf).length).toBeGreaterThan(30);
});

describe.each(pages.map((page): [string, Page] => [page.path, page]))("%s", (_, page) => {
  test("every link leads to a file or a heading that is there", () => {
    expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  test("every path of the repository that it names is there", () => {
    expect(pathsNamedIn(page).filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  });

  test("has one title, and it comes first", () => {
    expect(page.text.startsWith("# ")).toBe(true);
    expect(page.prose.match(/^# /gm)).toHaveLength(1);
  });
});

function linksOf({ prose }: Page): string[] {
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(page: Page, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const path = file === "" ? page.path : normalize(join(dirname(page.path), file));
  if (!existsSync(join(repository, path))) return false;
  const target = byPath.get(path);
  return anchor === undefined || (target !== undefined && anchorsOf(target).includes(anchor));
}

/** In backticks, from the root. Placeholders, patterns and what is made by a build are no paths. */
function pathsNamedIn({ prose }: Page): string[] {
  return [...prose.matchAll(/`((?:provider|examples|test|tools|docs|bench)\/[^`\s]*)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => !/[<>*{]/.test(path) && !path.startsWith("provider/dist") && !path.startsWith("docs/api"));
}
