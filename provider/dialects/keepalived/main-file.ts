import { UserError } from "../../errors";
import { matchesPath } from "../../facts/files/glob";
import type { KeepalivedConfig } from "../../facts/keepalived/config";
import { FRAGMENTS_PATTERN, fragmentPath, MAIN_FILE } from "../../facts/keepalived/paths";
import type { FileStep } from "../../step";
import { emptyBlock, findBlock, formatBlock, type MarkedFile, type Marks, withoutBlock } from "../files/block";

/** Our block at the end of the main file: it includes our files. */
const MARKS: Marks = {
  begin: "# pulumi-lvs begin: the files of pulumi-lvs.d",
  end: "# pulumi-lvs end",
  isBegin: (line) => line.startsWith("# pulumi-lvs begin"),
};

const INCLUDE = `include ${FRAGMENTS_PATTERN}\n`;

/** The main file with our block as it has to be; the same text where it is. */
export function mainWith(text: string | undefined): string {
  const found = blockOf(text) ?? emptyBlock(text);
  return formatBlock({ ...found, block: blockFor(found) }, MARKS);
}

/** The main file as it was before us. */
export function mainWithout(text: string | undefined): string | undefined {
  const found = blockOf(text);
  return found === undefined ? text : withoutBlock(found);
}

export const includeFragments: FileStep = {
  file: MAIN_FILE,
  summary: `include ${FRAGMENTS_PATTERN}`,
  edit: mainWith,
};

export const excludeFragments: FileStep = {
  file: MAIN_FILE,
  summary: `do not include ${FRAGMENTS_PATTERN} any more`,
  edit: mainWithout,
};

/** The block that the main file gets; undefined where it has it. */
export function blockToCome(text: string | undefined): string | undefined {
  const after = mainWith(text);
  return after === text
    ? undefined
    : formatBlock({ above: [], below: [], block: blockOf(after)?.block ?? [], original: "closed" }, MARKS);
}

/** Where another line includes our files, too: all in them would be there twice. */
export function secondInclude({ includes }: KeepalivedConfig, main: string | undefined): string | undefined {
  const block = blockOf(main);
  const [first, last] =
    block === undefined ? [0, 0] : [block.above.length + 1, block.above.length + block.block.length + 1];
  const all = includes.filter(({ pattern }) => matchesPath(pattern, fragmentPath("x")) !== false);
  const other = all.find(({ file, line }) => file !== MAIN_FILE || line < first || line > last);
  return other && `${other.file}, line ${other.line}`;
}

function blockOf(text: string | undefined): MarkedFile | undefined {
  try {
    return findBlock(text, MARKS);
  } catch (error) {
    throw new UserError(`${MAIN_FILE}: ${(error as Error).message}`);
  }
}

/**
 * Where the file is all ours, keepalived trusts no script that others can write. Not reload_check_config: once it is set and goes, the second reload
 * after that ends keepalived 2.2 and 2.3 by a signal.
 */
function blockFor({ original, above, below }: MarkedFile): readonly string[] {
  const isOurs = original === "absent" || [...above, ...below].every((line) => line.trim() === "");
  return isOurs ? ["global_defs {\n", "    enable_script_security\n", "}\n", INCLUDE] : [INCLUDE];
}
