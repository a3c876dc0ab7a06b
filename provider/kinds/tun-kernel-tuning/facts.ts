import type { Fact } from "../../facts/fact";
import { tunnelDevices } from "./encapsulations";

/** The tunnel devices and ports of a host. */
export interface Tunnels {
  /** Device → whether it is up. */
  readonly devices: ReadonlyMap<string, boolean>;
  /** UDP ports that are open for GUE. */
  readonly ports: readonly number[];
  readonly systemd: boolean;
}

/** Reading loads no module: `ip fou` would load fou, so it runs only where that module is loaded. */
export const tunnels: Fact<Tunnels> = {
  command: {
    sh: `for name; do
  { read -r flags <"/sys/class/net/$name/flags"; } 2>/dev/null && echo "device $name $flags"
done
[ -d /run/systemd/system ] && echo systemd
[ ! -d /sys/module/fou ] || ip fou show`,
    args: tunnelDevices(),
    inShell: true,
  },
  parse: parseTunnels,
};

export function parseTunnels(output: string): Tunnels {
  const lines = output.split("\n").map((line) => line.trim());
  const devices = lines.flatMap((line) => {
    const [, name, flags] = /^device (\S+) (0x[0-9a-f]+)$/.exec(line) ?? [];
    return name === undefined || flags === undefined ? [] : [[name, (Number(flags) & IFF_UP) !== 0] as const];
  });
  const ports = lines.flatMap((line) => {
    const [, port] = /^port (\d+) gue\b/.exec(line) ?? [];
    return port === undefined ? [] : [Number(port)];
  });
  return { devices: new Map(devices), ports, systemd: lines.includes("systemd") };
}

const IFF_UP = 1;
