import type { NetworkConfig } from "../../../facts/network/managers";
import { Ifupdown2Reader } from "../ifupdown2/reader";
import { ClassicReader } from "./classic-reader";
import { isIfupdown2, isLenient } from "./ifupdown-files";
import type { Interfaces } from "./interfaces";

/** The stanzas of a host, as the program reads them that it has. */
export function readInterfaces(config: NetworkConfig): Interfaces {
  const { files } = config;
  const known = KNOWN.get(files) ?? readerOf(config).read();
  KNOWN.set(files, known);
  return known;
}

/** Many resources of a host ask about the same files. */
const KNOWN = new WeakMap<NetworkConfig["files"], Interfaces>();

function readerOf(config: NetworkConfig): ClassicReader | Ifupdown2Reader {
  return isIfupdown2(config) ? new Ifupdown2Reader(config.files) : new ClassicReader(config.files, isLenient(config));
}
