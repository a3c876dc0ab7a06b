import type { Files } from "../../facts/files/lines";
import type { IpvsLoader, LoaderState } from "../../facts/ipvs/loader";
import type { TableLine } from "../../facts/ipvs/table-lines";
import type { RulesLoaderName } from "../../model/ipvs/rules-loader";
import type { Step } from "../../step";
import type { OriginalLoader } from "./original-loader";
import type { RulesFile } from "./rules-file";

/** The loaders of a host, and the text of their files. */
export interface LoaderFacts {
  readonly loader: IpvsLoader;
  /** Lines of what else a boot starts that change the table. */
  readonly bootLines: readonly TableLine[];
  readonly debianRules: RulesFile;
  readonly debianDefaults: string | undefined;
  readonly rhelRules: RulesFile;
  readonly rulesRecord: string | undefined;
  /** What has a say in the load of modules. */
  readonly modules: Files;
}

/** A loader of IPVS rules at boot. */
export interface RulesLoader {
  readonly name: RulesLoaderName;
  readonly file: string;
  readonly isInstalled: (seen: Pick<LoaderFacts, "loader">) => boolean;
  readonly rules: (seen: LoaderFacts) => RulesFile;
  readonly originalState: (seen: Pick<LoaderFacts, "loader">) => LoaderState;
  readonly isEnabled: (seen: Pick<LoaderFacts, "loader" | "debianDefaults">) => boolean;
  /** Why the next boot would not load the file even after `enable`, with the file at fault and what to do. */
  readonly problem: (seen: LoaderFacts) => string | undefined;
  /** Whether it empties the table again when a line of the file ends the load, or the last one fails. */
  readonly loadsWhole: (seen: Pick<LoaderFacts, "loader">) => boolean;
  readonly enable: (seen: LoaderFacts) => readonly Step[];
  readonly restore: (seen: LoaderFacts, original: OriginalLoader) => readonly Step[];
}
