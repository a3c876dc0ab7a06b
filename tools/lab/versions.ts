import type { LabHost } from "./host/host.ts";

/** Packages whose versions say most about how a host behaves. */
const PACKAGES = [
  [
    "coreutils",
    "ifupdown",
    "ifupdown2",
    "iproute2",
    "ipvsadm",
    "keepalived",
    "netplan.io",
    "network-manager",
    "nfs-kernel-server",
  ],
  ["openssh-server", "rust-coreutils", "sudo", "sudo-rs", "systemd"],
].flat();

/** Of those packages that the host has, its release, and the kernel that it runs. */
export async function versionsOf(host: LabHost): Promise<Readonly<Record<string, string>>> {
  const format = "${db:Status-Status} ${Package} ${Version}\\n";
  const text = await host.text(`echo "installed debian $(cat /etc/debian_version)"
echo "installed kernel $(uname -r)"
dpkg-query --show --showformat='${format}' ${PACKAGES.join(" ")} 2>/dev/null || true`);
  const lines = text.split("\n").map((line) => line.split(" "));
  return Object.fromEntries(
    lines.flatMap(([status, name = "", version = ""]) => (status === "installed" ? [[name, version]] : [])),
  );
}
