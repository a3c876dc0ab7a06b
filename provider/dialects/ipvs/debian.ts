import { DEFAULTS } from "../../facts/ipvs/loader";
import type { Command, Step } from "../../step";
import { isAutomatic, setAutomatic, unsetAutomatic } from "./debian-defaults";
import type { RulesLoader } from "./loader";
import type { OriginalLoader } from "./original-loader";

/**
 * Debian and its relatives: the init script loads /etc/ipvsadm.rules if AUTO is "true", which is not the default. The script is never
 * started or stopped here, because with AUTO it empties the whole table first.
 */
export const debianRules: RulesLoader = {
  name: "debian",
  file: "/etc/ipvsadm.rules",
  isInstalled: ({ loader }) => loader.initScript && loader.defaults,
  rules: ({ debianRules }) => debianRules,
  originalState: ({ loader }) => loader.links,
  isEnabled: ({ loader, debianDefaults }) => loader.links === "enabled" && isAutomatic(debianDefaults),
  enable: ({ loader }): Step[] => [
    { file: DEFAULTS, summary: 'AUTO="true"', edit: setAutomatic },
    ...(loader.links === "enabled" ? [] : [{ command: ENABLE, once: true }]),
  ],
  restore: ({ loader }, original): Step[] => [
    { file: DEFAULTS, summary: "the original AUTO", edit: unsetAutomatic },
    ...restoreLinks(loader.links === "enabled", original),
  ],
};

const ENABLE: Command = { sh: "update-rc.d ipvsadm defaults && update-rc.d ipvsadm enable" };

function restoreLinks(enabled: boolean, { loader }: OriginalLoader): Step[] {
  if (!enabled || loader === "enabled") return [];
  const words = loader === "disabled" ? (["ipvsadm", "disable"] as const) : (["-f", "ipvsadm", "remove"] as const);
  return [{ command: { run: ["update-rc.d", ...words] }, once: true }];
}
