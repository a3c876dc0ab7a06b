import type { Fact } from "../fact";
import { numbered } from "../files/lines";
import { readUnitFiles } from "../files/unit-file";

/** Whether what needs addresses at boot may begin before ifupdown2 has brought them up. */
export interface StartOrder {
  /** The devices that it brings up, where nothing is ordered after it. */
  readonly unordered: readonly string[];
}

/**
 * networking.service of Debian's ifupdown2 is ordered before no target, so that nobody's "After=network.target" waits for it: an operator
 * adds that by a drop-in. Other managers' units are ordered as they come.
 */
export const startOrder: Fact<StartOrder> = {
  command: {
    inShell: true,
    sh: `if [ -d /usr/share/ifupdown2 ]; then
  unit=''
  for dir in /etc/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    [ -n "$unit" ] || [ ! -s "$dir/networking.service" ] || unit=$dir/networking.service
  done
  for file in "$unit" /etc/systemd/system/networking.service.d/*.conf /etc/systemd/system/ipvsadm.service.d/*.conf /etc/network/interfaces /etc/network/interfaces.d/*; do
    [ -f "$file" ] || continue
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in Before=* | After=* | *iface[[:blank:]]*) printf '%s\\t%s\\n' "$file" "$line" ;; esac
    done <"$file"
  done
fi`,
  },
  parse: parseStartOrder,
};

/** `/lib/systemd/system/networking.service\tBefore=network.target`, `/etc/network/interfaces\tiface eth1 inet static` */
export function parseStartOrder(output: string): StartOrder {
  const lines = output.split("\n").map((line) => line.split("\t", 2) as [string, string?]);
  const isOrdered = lines.some(([file, text = ""]) => {
    const [setting] = readUnitFiles([[file, numbered([text])]]).settings;
    const names = setting?.value.split(/\s+/) ?? [];
    if (file.includes("/ipvsadm.service.d/")) return setting?.key === "After" && names.includes("networking.service");
    return setting?.key === "Before" && names.some((name) => WAITED_FOR.has(name));
  });
  const devices = lines.flatMap(([file, text = ""]) => {
    const [, device] = /^\s*iface\s+(\S+)/.exec(file.startsWith("/etc/network/") ? text : "") ?? [];
    return device ?? [];
  });
  return { unordered: isOrdered ? [] : [...new Set(devices)] };
}

const WAITED_FOR = new Set(["network.target", "network-online.target", "ipvsadm.service"]);
