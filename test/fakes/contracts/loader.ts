import { debianRules } from "../../../provider/dialects/ipvs/debian";
import type { LoaderFacts } from "../../../provider/dialects/ipvs/loader";
import { rhelRules } from "../../../provider/dialects/ipvs/rhel";
import { readRulesFile } from "../../../provider/dialects/ipvs/rules-file";
import { fileText } from "../../../provider/facts/files/text";
import { DEFAULTS, DROP_IN, DROP_IN_DIRECTORY, type IpvsLoader, ipvsLoader } from "../../../provider/facts/ipvs/loader";
import { quote, type Step } from "../../../provider/step";
import { DEBIAN_DEFAULTS, NO_LOADER, RHEL_UNIT } from "../fake-loader";
import type { Contract, ContractStep } from "./contract";

interface LoaderSeen {
  readonly loader: IpvsLoader;
  readonly defaults: string | undefined;
}

const debian: IpvsLoader = {
  ...NO_LOADER,
  seen: ["/etc/init.d/ipvsadm", DEFAULTS],
  initScript: true,
  defaults: true,
  links: "enabled",
};
const automatic = `${DEBIAN_DEFAULTS}# pulumi-lvs begin: rules are loaded at boot\nAUTO="true"\n# pulumi-lvs end\n`;

/** Debian's init script: its links, and AUTO in its defaults. */
export const debianLoader: Contract<LoaderSeen> = {
  name: "FakeLoader, Debian",
  host: "director1",
  reset: `update-rc.d ipvsadm defaults && update-rc.d ipvsadm enable
printf '%s' ${quote(DEBIAN_DEFAULTS)} >${DEFAULTS}`,
  facts: { loader: ipvsLoader, defaults: fileText(DEFAULTS) },
  scenarios: [
    {
      name: "AUTO is set, and becomes what it was",
      steps: [
        ...leads(debianRules.enable(loaded(debian)), { loader: debian, defaults: automatic }),
        ...leads(debianRules.restore(loaded(debian), { rules: "debian", loader: "enabled" }), {
          loader: debian,
          defaults: DEBIAN_DEFAULTS,
        }),
      ],
    },
    ...(["disabled", "absent"] as const).map((before) => ({
      name: `links that are ${before} are made, and become what they were`,
      steps: [
        ...leads(links(debian, before), { loader: { ...debian, links: before } }),
        ...leads(commands(debianRules.enable(loaded({ ...debian, links: before }))), { loader: debian }),
        ...leads(links(debian, before), { loader: { ...debian, links: before } }),
      ],
    })),
  ],
};

const UNIT = "/usr/lib/systemd/system/ipvsadm.service";
const unitText = { path: UNIT, lines: linesOf(RHEL_UNIT) };

const rhel: IpvsLoader = {
  ...debian,
  seen: [UNIT],
  initScript: false,
  defaults: false,
  links: "absent",
  runsInitScripts: false,
  unit: { path: UNIT, masked: false },
  texts: [unitText],
};
const dropIn = `# Written by pulumi-lvs: without this, stop and shutdown would write the live table over /etc/sysconfig/ipvsadm
# (without thresholds) and empty it.
[Service]
ExecStop=
# The unit was not active before.
`;
const pulledIn: IpvsLoader = {
  ...rhel,
  pulledInBy: ["/etc/systemd/system/multi-user.target.wants/ipvsadm.service"],
};
const enabled: IpvsLoader = { ...pulledIn, texts: [unitText, { path: DROP_IN, lines: linesOf(dropIn) }] };

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, "").split("\n");
}

/** ipvsadm.service of RHEL and its relatives. */
export const rhelLoader: Contract<LoaderSeen> = {
  name: "FakeLoader, RHEL",
  host: "rhel1",
  reset: `systemctl --quiet disable --now ipvsadm.service
rm -f ${DROP_IN}; rmdir ${DROP_IN_DIRECTORY} 2>/dev/null; systemctl daemon-reload`,
  facts: { loader: ipvsLoader, defaults: fileText(DEFAULTS) },
  scenarios: [
    {
      name: "the unit is enabled with a drop-in, and disabled without",
      steps: [
        ...leads(rhelRules.enable(loaded(rhel)), { loader: enabled }),
        ...leads(rhelRules.restore(loaded(enabled), { rules: "rhel", loader: "disabled" }), {
          loader: rhel,
        }),
      ],
    },
    {
      name: "a unit that somebody else enabled loses the drop-in alone",
      steps: [
        ...leads(rhelRules.enable(loaded(rhel)), { loader: enabled }),
        ...leads(rhelRules.restore(loaded(enabled), { rules: "rhel", loader: "enabled" }), {
          loader: pulledIn,
        }),
      ],
    },
  ],
};

/** Steps, and what is seen after the last of them. */
function leads(steps: readonly Step[], seen: Partial<LoaderSeen>): ContractStep<LoaderSeen>[] {
  return steps.map((step, index) => (index === steps.length - 1 ? { step, seen } : { step }));
}

function links(loader: IpvsLoader, to: "disabled" | "absent"): readonly Step[] {
  return commands(debianRules.restore(loaded(loader), { rules: "debian", loader: to }));
}

function commands(steps: readonly Step[]): readonly Step[] {
  return steps.filter((step) => "command" in step);
}

function loaded(loader: IpvsLoader): LoaderFacts {
  const none = readRulesFile(undefined);
  const modules = new Map();
  const files = { debianRules: none, debianDefaults: undefined, rhelRules: none, rulesRecord: undefined, modules };
  return { loader, bootLines: [], ...files };
}
