import { type Family, familyOf, formatAddressAndPort, parseAddressAndPort, refuseUnusable } from "../network/address";

export type Protocol = "tcp" | "udp" | "sctp" | "fwmark";

/** The identity of a virtual service in the kernel. */
export type ServiceIdentity =
  | {
      readonly protocol: Exclude<Protocol, "fwmark">;
      readonly address: string;
      readonly family: Family;
      readonly port: number;
    }
  | { readonly protocol: "fwmark"; readonly fwmark: number; readonly family: Family; readonly port: 0 };

/** The key of a virtual service: `tcp 192.0.2.10:80`, `fwmark 7`, `fwmark 7 ipv6`. */
export function serviceKey(service: {
  readonly protocol: Protocol;
  readonly address?: string;
  readonly fwmark?: number;
  readonly family?: Family;
}) {
  if (service.protocol !== "fwmark") return `${service.protocol} ${service.address}`;
  return service.family === "ipv6" ? `fwmark ${service.fwmark} ipv6` : `fwmark ${service.fwmark}`;
}

/** Parses the key of a service, in any spelling of the address. Throws an error that says what is wrong. */
export function parseServiceKey(text: string): ServiceIdentity {
  const [protocol, name, family, ...rest] = text.trim().split(/\s+/);
  if (name !== undefined && rest.length === 0) {
    if ((protocol === "tcp" || protocol === "udp" || protocol === "sctp") && family === undefined)
      return { protocol, ...parseServiceAddress(name) };
    if (protocol === "fwmark" && (family === undefined || family === "ipv4" || family === "ipv6"))
      return { protocol, fwmark: parseMark(name), family: family ?? "ipv4", port: 0 };
  }
  throw new Error(
    `"${text}" is not the key of a virtual service: use the key of a VirtualService, or write "tcp 192.0.2.10:80", "udp 192.0.2.10:53", "sctp 192.0.2.10:36412", "fwmark 7" or "fwmark 7 ipv6"`,
  );
}

/** Parses the address of a virtual service with its port. Throws an error that says what is wrong. */
export function parseServiceAddress(text: string): { address: string; family: Family; port: number } {
  const { address, port } = parseAddressAndPort(text);
  refuseUnusable(address);
  if (port === undefined) {
    const example = formatAddressAndPort(address, 80);
    throw new Error(
      familyOf(address) === "ipv6" && !text.startsWith("[")
        ? `"${text}" has no port: write "${example}", with brackets around the address`
        : `"${text}" has no port: write "${example}"`,
    );
  }
  return { address: formatAddressAndPort(address, port), family: familyOf(address), port };
}

/** The largest mark that ipvsadm can save and restore: it prints larger ones as negative numbers. */
export const MAX_FWMARK = 2147483647;

function parseMark(text: string): number {
  const mark = Number(text);
  if (/^[1-9]\d*$/.test(text) && mark <= MAX_FWMARK) return mark;
  throw new Error(`"${text}" is not a firewall mark: write a decimal number from 1 to ${MAX_FWMARK}`);
}
