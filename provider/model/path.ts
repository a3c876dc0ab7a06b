import { z } from "zod";

/** A directory of a host: absolute, without `.`, `..`, double or trailing slashes. Blanks are welcome, line ends are not. */
export const absolutePath = z
  .string({ error: 'must be an absolute path, such as "/var/www/html"' })
  .regex(/^\//, { error: 'must be an absolute path, such as "/var/www/html"', abort: true })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/, { error: "must not contain line ends or other control characters", abort: true })
  .transform((path) => path.replaceAll(/\/+/g, "/").replace(/(?<=.)\/$/, ""))
  .refine((path) => !path.split("/").some((part) => part === "." || part === ".."), {
    error: 'must not contain "." or ".." as a part',
  });
