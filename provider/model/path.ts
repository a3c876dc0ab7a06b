import { z } from "zod";

/** An absolute directory of a host, without `.`, `..`, double or trailing slashes. It may contain spaces, but no line ends. */
export const absolutePath = z
  .string({ error: 'must be an absolute path, such as "/var/www/html"' })
  .regex(/^\//, { error: 'must be an absolute path, such as "/var/www/html"', abort: true })
  .regex(/^[^\u0000-\u001f\u007f]*$/, { error: "must not contain line ends or other control characters", abort: true })
  .refine((path) => !/\p{Surrogate}/u.test(path), { error: "must not contain half of a UTF-16 pair", abort: true })
  .transform(withoutNeedlessSlashes)
  .refine((path) => !path.split("/").some((part) => part === "." || part === ".."), {
    error: 'must not contain "." or ".." as a part',
  });

/** The directory that has the entry of a path. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

/** Whether a path is this directory, or has it on its way. */
export function isAtOrBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

/** `/srv//docs/` is `/srv/docs`. */
export function withoutNeedlessSlashes(path: string): string {
  return path.replaceAll(/\/+/g, "/").replace(/(?<=[^])\/$/, "");
}
