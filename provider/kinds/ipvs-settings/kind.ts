import { isDeepStrictEqual } from "node:util";
import { BACKUP_ONLY } from "../../dialects/ipvs/backup-only";
import { rulesFacts } from "../../dialects/ipvs/boot-rules";
import { LEDGER } from "../../dialects/sysctl/ledger-text";
import { describeSetting, sysctlAdvice } from "../../dialects/sysctl/write";
import { originalState } from "../../facts/files/original-state";
import { ipvsAdvice } from "../../facts/ipvs/table";
import { addresses } from "../../facts/network/addresses";
import { bootSettings } from "../../facts/sysctl/boot-settings";
import { sysctlFiles } from "../../facts/sysctl/values";
import { defineKind } from "../define-kind";
import type { Kind } from "../kind";
import { daemonRoles, ipvsState, vsValues } from "./facts";
import { loadFile, optionsFile } from "./module-files";
import type { SettingsSeen } from "./observation";
import { observe } from "./observe";
import { OBSERVED } from "./properties";
import { planCleanup, renderSettings, type SettingsChange } from "./render";
import { type IpvsSettings, ipvsSettings as schema, vsSettings, type WantedIpvsSettings } from "./schema";
import { timeoutArgs } from "./timeouts";

/** The settings of a host's IPVS as a whole: timeouts, kernel settings, the size of the connection table. */
export const ipvsSettings = defineKind(settingsKind());

function settingsKind(resource?: string): Kind<WantedIpvsSettings, IpvsSettings, SettingsSeen, SettingsChange> {
  return {
    name: "IpvsSettings",
    needs: ["ip", "sysctl"],
    schema,
    identity: [],
    observedProperties: OBSERVED,
    renamed: { rules: "rulesLoader" },
    key: () => "ipvs",
    commands: (want) => [
      ...(want.timeouts === undefined ? [] : [["ipvsadm", ...timeoutArgs(want.timeouts)].join(" ")]),
      ...vsSettings(want).map(describeSetting),
      ...(want.connTabBits === undefined
        ? []
        : [`options ip_vs conn_tab_bits=${want.connTabBits}  # when the module is loaded next: at the next boot`]),
    ],
    facts: ({ backupOnly }) => ({
      ...(backupOnly === true && { daemons: daemonRoles }),
      state: ipvsState,
      values: vsValues,
      files: sysctlFiles,
      commands: bootSettings,
      addresses,
      options: optionsFile,
      load: loadFile,
      originals: originalState,
      ...rulesFacts,
    }),
    edits: () => [LEDGER],
    observe: (seen, want) => observe(seen, want, resource),
    combines: ({ backupOnly }) =>
      backupOnly === true ? [{ property: "backupOnly", thing: "backupOnly: true", of: BACKUP_ONLY }] : [],
    plan,
    render: (change, seen) => renderSettings(change, seen, resource),
    cleanup: (seen) => planCleanup(seen, resource),
    ownedBy: settingsKind,
    advice: [...sysctlAdvice, ...ipvsAdvice],
  };
}

function plan(want: WantedIpvsSettings | undefined, have: IpvsSettings | undefined): readonly SettingsChange[] {
  if (!want) return have ? [{ op: "release" }] : [];
  const { rulesLoader: _, ...desired } = want;
  const { pending: __, ...observed } = have ?? {};
  return isDeepStrictEqual(desired, observed) ? [] : [{ op: "apply", want }];
}
