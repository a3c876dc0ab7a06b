import type { NetworkConfig } from "../../../../provider/facts/network/managers.ts";
import type { Texts } from "../../../support/differential.ts";

/** What the fact about network managers would say of these files below a folder. */
export function networkConfigOf(texts: Texts, folder: string): NetworkConfig {
  const linesOf = (text: string) =>
    text
      .replace(/\n$/, "")
      .split("\n")
      .map((line, at) => ({ number: at + 1, text: line }));
  return {
    presentPaths: new Set(),
    activeConfigs: new Map(),
    files: new Map(
      Object.entries(texts).map(([path, text]) => [`${folder}/${path}`, text === "" ? [] : linesOf(text)]),
    ),
  };
}
