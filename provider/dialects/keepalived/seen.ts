import type { Facts } from "../../facts/fact";
import { type OriginalState, originalState } from "../../facts/files/original-state";
import { fileText } from "../../facts/files/text";
import { type KeepalivedConfig, keepalivedConfig } from "../../facts/keepalived/config";
import { type KeepalivedDaemon, keepalivedDaemon } from "../../facts/keepalived/daemon";
import { fragmentPath, KEEPALIVED_DROP_IN, MAIN_FILE } from "../../facts/keepalived/paths";

/** The keepalived of a host, and one file of ours. */
export interface KeepalivedSeen {
  readonly keepalivedDaemon: KeepalivedDaemon;
  /** Files of others. */
  readonly keepalivedConfig: KeepalivedConfig;
  readonly keepalivedMain: string | undefined;
  readonly keepalivedDropIn: string | undefined;
  /** The file of ours; undefined: there is none. */
  readonly keepalivedFragment: string | undefined;
  readonly keepalivedBefore: OriginalState;
}

/** @param name of the file, without its folder and ending. */
export function keepalivedFacts(name: string): Facts<KeepalivedSeen> {
  return {
    keepalivedDaemon,
    keepalivedConfig,
    keepalivedMain: fileText(MAIN_FILE),
    keepalivedDropIn: fileText(KEEPALIVED_DROP_IN),
    keepalivedFragment: fileText(fragmentPath(name)),
    keepalivedBefore: originalState,
  };
}
