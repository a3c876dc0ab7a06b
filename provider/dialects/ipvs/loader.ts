import type { IpvsLoader, LoaderState } from "../../facts/ipvs/loader";
import type { RulesDialectName } from "../../model/ipvs/settings";
import type { Step } from "../../step";
import type { Before } from "./original-loader";

/** What a host loads at boot. */
export interface RulesSeen {
  readonly loader: IpvsLoader;
  readonly debianRules: string | undefined;
  readonly debianDefaults: string | undefined;
  readonly rhelRules: string | undefined;
  readonly rulesRecord: string | undefined;
}

/** One way of loading rules at boot. */
export interface RulesDialect {
  readonly name: RulesDialectName;
  readonly file: string;
  readonly isHere: (seen: Pick<RulesSeen, "loader">) => boolean;
  readonly text: (seen: RulesSeen) => string | undefined;
  readonly before: (seen: Pick<RulesSeen, "loader">) => LoaderState;
  readonly isArmed: (seen: Pick<RulesSeen, "loader" | "debianDefaults">) => boolean;
  readonly arm: (seen: RulesSeen) => readonly Step[];
  readonly disarm: (seen: RulesSeen, before: Before) => readonly Step[];
}
