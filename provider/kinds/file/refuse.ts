import { refuseUnusableDirectory } from "../../dialects/created-directory";
import { UserError } from "../../errors";
import { parentOf } from "../../model/path";
import type { FileSeen, Place, RegularFile } from "./facts";
import { keptPath } from "./kept";
import type { WantedFile } from "./schema";

/** The file that is there. Throws for a path that is none of a file, and for a file that cannot be replaced. */
export function replaceable(want: WantedFile, { look, folder }: FileSeen): RegularFile | undefined {
  const { path, createPath } = want;
  refuseUnusableDirectory(parentOf(path), folder, createPath);
  const file = regularAt(path, look.place);
  if (file === undefined) return undefined;
  if (file.names > 1) {
    throw new UserError(
      `${path} has ${file.names} names (hard links), and a new file would take the place of one: make them one, or symbolic links`,
    );
  }
  if (file.sha256 === undefined) {
    throw new UserError(`${path} has ${file.size} bytes, and is too large to be kept for a destroy: move it away`);
  }
  return file;
}

/** The same for a removal: what is put back takes the place of a file, and of nothing else. */
export function refuseToRestore(path: string, { look: { place, isKept } }: FileSeen, wasThere: boolean): void {
  regularAt(path, place);
  if (!wasThere || isKept) return;
  throw new UserError(
    `the copy of the file that was there before, ${keptPath(path)}, is gone. Put it back; or remove the line of ${path} ` +
      "from /var/lib/pulumi-lvs/before, and the file stays as it is",
  );
}

function regularAt(path: string, place: Place): RegularFile | undefined {
  switch (place.state) {
    case "missing":
      return undefined;
    case "file":
      return place;
    case "link":
      throw new UserError(`${path} is a symbolic link to ${place.to}: declare that file, or remove the link`);
    case "other":
      throw new UserError(`${path} is no file but a ${place.type}`);
  }
}
