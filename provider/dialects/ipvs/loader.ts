import type { IpvsLoader, LoaderState } from "../../facts/ipvs/loader";
import type { RulesDialectName } from "../../model/ipvs/settings";
import type { Step } from "../../step";
import type { OriginalLoader } from "./original-loader";

/** What a host loads at boot. */
export interface LoaderFacts {
  readonly loader: IpvsLoader;
  readonly debianRules: string | undefined;
  readonly debianDefaults: string | undefined;
  readonly rhelRules: string | undefined;
  readonly rulesRecord: string | undefined;
}

/** One way of loading rules at boot. */
export interface RulesLoader {
  readonly name: RulesDialectName;
  readonly file: string;
  readonly isHere: (seen: Pick<LoaderFacts, "loader">) => boolean;
  readonly text: (seen: LoaderFacts) => string | undefined;
  readonly originalState: (seen: Pick<LoaderFacts, "loader">) => LoaderState;
  readonly isEnabled: (seen: Pick<LoaderFacts, "loader" | "debianDefaults">) => boolean;
  readonly enable: (seen: LoaderFacts) => readonly Step[];
  readonly restore: (seen: LoaderFacts, before: OriginalLoader) => readonly Step[];
}
