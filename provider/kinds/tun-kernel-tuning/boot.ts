import { removeUnit } from "../../dialects/own-unit";
import { type Files, fileLines } from "../../facts/files/lines";
import { earlyLoadProblem } from "../../facts/files/module-loading";
import { loadsModule } from "../../facts/files/modules-load";
import { isSameUnit } from "../../facts/files/unit-file";
import { firstProblem } from "../../model/first-problem";
import type { Step } from "../../step";
import { encapsulationOf } from "./encapsulations";
import type { Tun } from "./schema";

/**
 * A tunnel is persisted by a systemd unit of our own, not by the network manager. Of the managers only systemd-networkd can make
 * all types of tunnel, and the device needs none of them: it comes with its module, has no address of its own, and must be up
 * before a manager puts a VIP on it. systemd loads the module and applies the settings before the unit starts.
 */
export const tunnelBootFiles = fileLines(
  "/etc/modules-load.d/pulumi-lvs-tun-*.conf",
  "/etc/systemd/system/pulumi-lvs-tun-*.service",
  "/etc/systemd/system/multi-user.target.wants/pulumi-lvs-tun-*.service",
);

/** Whether the next boot restores the tunnel. */
export function isTunnelPersisted(tun: TunIdentity, files: Files): boolean {
  const { modules, unit, wants } = pathsOf(tun);
  const loaded = linesIn(files, modules).join("\n");
  return (
    encapsulationOf(tun).modules.every((module) => loadsModule(loaded, module)) &&
    isSameUnit(linesIn(files, unit), unitText(tun).split("\n")) &&
    files.has(wants)
  );
}

/** Why the next boot would not have the device, although our files are there. */
export function tunnelModulesProblem(tun: TunIdentity, files: Files): string | undefined {
  return firstProblem(encapsulationOf(tun).modules, (module) => earlyLoadProblem(files, module));
}

export function hasTunnelFiles(tun: TunIdentity, files: Files): boolean {
  return Object.values(pathsOf(tun)).some((path) => files.has(path));
}

export function persistTunnel(tun: TunIdentity, files: Files): readonly Step[] {
  if (isTunnelPersisted(tun, files)) return [];
  const { modules, unit } = pathsOf(tun);
  return [
    {
      file: modules,
      edit: () => modulesText(tun),
      summary: `load ${encapsulationOf(tun).modules.join(" and ")} at boot`,
    },
    { file: unit, edit: () => unitText(tun), summary: commandsOf(tun).join("; ") },
    { command: { run: ["systemctl", "--quiet", "enable", unitName(tun)] } },
  ];
}

/** Stopping the unit changes nothing: it has no ExecStop, and the device stays until `restoreDevice`. */
export function unpersistTunnel(tun: TunIdentity, files: Files): readonly Step[] {
  const { modules, unit, wants } = pathsOf(tun);
  if (!hasTunnelFiles(tun, files)) return [];
  return [
    ...removeUnit({ name: unitName(tun), path: unit, wants }, files),
    { file: modules, edit: () => undefined, summary: "remove it" },
    { command: { run: ["systemctl", "daemon-reload"] }, once: true },
  ];
}

type TunIdentity = Pick<Tun, "type" | "encapsulates" | "port">;

function unitName({ type, encapsulates, port }: TunIdentity): string {
  const words = [type, encapsulates, port].filter((word) => word !== undefined);
  return `pulumi-lvs-tun-${words.join("-")}.service`;
}

function pathsOf(tun: TunIdentity) {
  const name = unitName(tun);
  return {
    modules: `/etc/modules-load.d/${name.replace(/\.service$/, ".conf")}`,
    unit: `/etc/systemd/system/${name}`,
    wants: `/etc/systemd/system/multi-user.target.wants/${name}`,
  };
}

function modulesText(tun: TunIdentity): string {
  return [`# Written by pulumi-lvs: TunKernelTuning ${tun.type}`, ...encapsulationOf(tun).modules, ""].join("\n");
}

function commandsOf(tun: TunIdentity): string[] {
  const { type, encapsulates, port } = tun;
  const { device } = encapsulationOf(tun);
  return [
    `ip link set dev ${device} up`,
    // systemd-sysctl has run by now, and gre0 has this setting only once it is up.
    ...(encapsulates === undefined ? [] : [`sysctl -q -w net/ipv6/conf/${device}/disable_ipv6=0`]),
    ...(type === "gue" && port !== undefined ? [`ip fou add port ${port} gue`] : []),
  ];
}

function unitText(tun: TunIdentity): string {
  return `# Written by pulumi-lvs: TunKernelTuning ${tun.type}
[Unit]
Description=Tunnel from LVS directors (${tun.type})
DefaultDependencies=no
After=systemd-modules-load.service systemd-sysctl.service
Before=network-pre.target shutdown.target
Wants=network-pre.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
${commandsOf(tun)
  .map((command) => `ExecStart=/bin/sh -c "exec ${command}"\n`)
  .join("")}
[Install]
WantedBy=multi-user.target
`;
}

function linesIn(files: Files, path: string): readonly string[] {
  return (files.get(path) ?? []).map(({ text }) => text);
}
