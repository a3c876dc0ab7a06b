import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";

/**
 * The content of an asset. Pulumi gives a dynamic provider the path and the digest of an asset, and not its content, and its state has no more,
 * so that a later run on another machine would have nothing to write: it is read here, in the program.
 */
export async function readAsset(asset: { readonly text?: string; readonly path?: string }): Promise<string> {
  const { text, path } = asset;
  if (text !== undefined) return Buffer.from(text, "utf8").toString("base64");
  if (path === undefined) throw new pulumi.RunError("File: source must be a FileAsset or a StringAsset");
  try {
    return (await readFile(path)).toString("base64");
  } catch (error) {
    throw new pulumi.RunError(`File: the source cannot be read: ${String(error)}`);
  }
}

/** Undefined for bytes that are no text. */
export function textIn(base64: string): string | undefined {
  const bytes = Buffer.from(base64, "base64");
  const text = bytes.toString("utf8");
  return !text.includes("\0") && Buffer.from(text, "utf8").equals(bytes) ? text : undefined;
}

/** Undefined for a text. */
export function base64In(base64: string): string | undefined {
  return textIn(base64) === undefined ? base64 : undefined;
}
