import { createHash } from "node:crypto";
import { RECORDS } from "../../file-step";

/** The folder of copies of files that were there before us. */
export const KEPT = `${RECORDS}/files`;

/** Where the copy of a file is: `/etc/nginx/nginx.conf` is `%2Fetc%2Fnginx%2Fnginx.conf` there. Marks have this name, and a plus behind it. */
export function keptPath(path: string): string {
  const name = encodeURIComponent(path);
  return `${KEPT}/${name.length <= 200 ? name : createHash("sha256").update(path).digest("hex")}`;
}
