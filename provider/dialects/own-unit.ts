import type { Files } from "../facts/files/lines";
import { run, type Step } from "../step";

/** A unit of ours, and the link by which a boot starts it. */
export interface OwnUnit {
  readonly name: string;
  readonly path: string;
  readonly wants: string;
}

/**
 * Steps that remove a unit whose stop changes nothing. systemctl can neither stop nor disable one whose file is gone, as it is where a
 * removal was cut: then only the link is left to remove.
 */
export function removeUnit({ name, path, wants }: OwnUnit, files: Files): readonly Step[] {
  if (!files.has(path)) return files.has(wants) ? [run("rm", "-f", "--", wants)] : [];
  return [
    run("systemctl", "stop", name),
    run("systemctl", "--quiet", "--no-reload", "disable", name),
    { file: path, edit: () => undefined, summary: "remove it" },
  ];
}
