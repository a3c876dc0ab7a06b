import { createHash } from "node:crypto";
import { encode } from "../../model/bytes";
import { isPrintable } from "../../printable";
import type { GivenFile, HostFile, WantedFile } from "./schema";

type Content = Pick<HostFile, "content" | "contentBase64">;

/** The record with the digest by which its content is compared. */
export function withDigest(given: GivenFile): WantedFile {
  return {
    ...given,
    sha256: given.sha256 === undefined || hasContent(given) ? digestOf(bytesOf(given)) : given.sha256,
  };
}

export function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function bytesOf({ content, contentBase64 }: Content): Buffer {
  return contentBase64 === undefined ? Buffer.from(content ?? "", "utf8") : Buffer.from(contentBase64, "base64");
}

/**
 * What a host has, in the way in which the program gives it. Bytes that are no text, and a text that could do harm to a terminal on which a preview shows it, have no other way
 * than base64. Both names are there, so that neither is taken for the wanted one.
 */
export function contentOf(text: string, want: Content): Required<Content> {
  const isText = want.contentBase64 === undefined && isPrintable(text);
  if (isText) return { content: text, contentBase64: undefined };
  return { content: undefined, contentBase64: encode(text).toString("base64") };
}

function hasContent({ content, contentBase64 }: Content): boolean {
  return content !== undefined || contentBase64 !== undefined;
}
