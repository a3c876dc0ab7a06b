import { type Files, fileLines } from "../../facts/files/lines";
import type { Step } from "../../step";
import { encapsulationOf, type Tun } from "./schema";

/**
 * A tunnel at boot is a unit of our own. Of the network managers only systemd-networkd knows all three kinds, and all others
 * would need a file in their own way for something that belongs to no network: the device comes with its module, has no
 * address of its own, and needs to be up before the manager puts a VIP on it. The module and the settings come first, each
 * by systemd's own means.
 */
export const tunnelBootFiles = fileLines(
  "/etc/modules-load.d/pulumi-lvs-tun-*.conf",
  "/etc/systemd/system/pulumi-lvs-tun-*.service",
  "/etc/systemd/system/multi-user.target.wants/pulumi-lvs-tun-*.service",
);

/** Whether the next boot brings it. */
export function isTunnelBooted(tun: Named, files: Files): boolean {
  const { modules, unit, wants } = pathsOf(tun);
  return same(files, modules, modulesText(tun)) && same(files, unit, unitText(tun)) && files.has(wants);
}

export function hasTunnelFiles(tun: Named, files: Files): boolean {
  return Object.values(pathsOf(tun)).some((path) => files.has(path));
}

export function bootTunnel(tun: Named, files: Files): readonly Step[] {
  if (isTunnelBooted(tun, files)) return [];
  const { modules, unit } = pathsOf(tun);
  return [
    {
      file: modules,
      edit: () => modulesText(tun),
      summary: `load ${encapsulationOf(tun).modules.join(" and ")} at boot`,
    },
    { file: unit, edit: () => unitText(tun), summary: commandsOf(tun).join("; ") },
    { command: { run: ["systemctl", "--quiet", "enable", nameOf(tun)] } },
  ];
}

/** What the unit started stays: it has nothing to do when it ends. */
export function unbootTunnel(tun: Named, files: Files): readonly Step[] {
  const { modules, unit } = pathsOf(tun);
  if (!hasTunnelFiles(tun, files)) return [];
  return [
    { command: { run: ["systemctl", "stop", nameOf(tun)] } },
    { command: { run: ["systemctl", "--quiet", "--no-reload", "disable", nameOf(tun)] } },
    { file: unit, edit: () => undefined, summary: "remove it" },
    { file: modules, edit: () => undefined, summary: "remove it" },
    { command: { run: ["systemctl", "daemon-reload"] }, once: true },
  ];
}

type Named = Pick<Tun, "type" | "encapsulates" | "port">;

function nameOf({ type, encapsulates, port }: Named): string {
  const words = [type, encapsulates, port].filter((word) => word !== undefined);
  return `pulumi-lvs-tun-${words.join("-")}.service`;
}

function pathsOf(tun: Named) {
  const name = nameOf(tun);
  return {
    modules: `/etc/modules-load.d/${name.replace(/\.service$/, ".conf")}`,
    unit: `/etc/systemd/system/${name}`,
    wants: `/etc/systemd/system/multi-user.target.wants/${name}`,
  };
}

function modulesText(tun: Named): string {
  return [`# Written by pulumi-lvs: TunKernelTuning ${tun.type}`, ...encapsulationOf(tun).modules, ""].join("\n");
}

function commandsOf(tun: Named): string[] {
  const { type, encapsulates, port } = tun;
  const { device } = encapsulationOf(tun);
  return [
    `ip link set dev ${device} up`,
    // The file of settings is read before, and gre0 has this one only from now on.
    ...(encapsulates === undefined ? [] : [`sysctl -q -w net/ipv6/conf/${device}/disable_ipv6=0`]),
    ...(type === "gue" && port !== undefined ? [`ip fou add port ${port} gue`] : []),
  ];
}

function unitText(tun: Named): string {
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

function same(files: Files, path: string, text: string): boolean {
  // Empty lines are not listed apart from others, and mean nothing in either file.
  const lines = (all: readonly string[]) => all.filter((line) => line !== "").join("\n");
  const found = files.get(path);
  return found !== undefined && lines(found.map((line) => line.text)) === lines(text.split("\n"));
}
