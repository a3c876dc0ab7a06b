import { trim, trimEnd, trimStart } from "../../../facts/files/blanks";
import { type Family, familyOf } from "../../../model/network/address";
import { canonicalOrUndefined, prefixOf } from "../address-text";

/** The lines of a NetworkManager profile: sections such as `[ipv4]`, entries such as `address1=192.168.4.2/24,192.168.4.1`. */
export type Keyfile = readonly string[];

export function valueOf(lines: Keyfile, section: string, key: string): string | undefined {
  const entry = entriesOf(lines, section).findLast(({ text }) => keyIn(text) === key);
  return entry && trimEnd(valueIn(entry.text));
}

export function hasSection(lines: Keyfile, section: string): boolean {
  return lines.some((line) => trim(line) === `[${section}]`);
}

/** All addresses of a family, with their prefix lengths. */
export function addressesIn(lines: Keyfile, family: Family): string[] {
  // Of a key that is there twice, the last one counts.
  const byKey = new Map(entriesOf(lines, family).map(({ text }) => [keyIn(text), text]));
  return [...byKey.values()].flatMap((text) => addressIn(text, family) ?? []);
}

/**
 * The addresses that a profile had before us: those with a gateway, and the first of the method `manual`, which cannot be without one. We
 * write none with a gateway, and add ours at the end.
 */
export function foundAddressesIn(lines: Keyfile, family: Family): string[] {
  const entries = entriesOf(lines, family).filter(({ text }) => addressIn(text, family) !== undefined);
  const isManual = valueOf(lines, family, "method") === "manual";
  return entries
    .filter(({ text }, index) => (isManual && index === 0) || hasGateway(text))
    .flatMap(({ text }) => addressIn(text, family) ?? []);
}

/** Adds an address after the existing ones. All other lines stay as they are. */
export function withAddress(lines: Keyfile, family: Family, address: string): string[] {
  const entries = entriesOf(lines, family);
  const numbers = entries.map(({ text }) => Number(/^address(?:es)?(\d+)$/.exec(keyIn(text))?.[1] ?? "0"));
  const last = entries.findLast(({ text }) => addressIn(text, family) !== undefined)?.index;
  const at = last ?? lines.findIndex((line) => trim(line) === `[${family}]`);
  return lines.toSpliced(at + 1, 0, `address${Math.max(0, ...numbers) + 1}=${address}`);
}

export function withoutAddress(lines: Keyfile, family: Family, ip: string): string[] {
  const entries = entriesOf(lines, family).filter(({ text }) => addressIn(text, family)?.split("/")[0] === ip);
  return lines.filter((_, index) => !entries.some(({ index: at }) => at === index));
}

interface Entry {
  readonly index: number;
  readonly text: string;
}

function entriesOf(lines: Keyfile, section: string): Entry[] {
  let within = "";
  return lines.flatMap((line, at): Entry[] => {
    // One carriage return in front of a line end belongs to it; blanks there belong to the value.
    const text = trimStart(line.replace(/\r$/, ""));
    const [, name] = /^\[(.*)\]$/.exec(trimEnd(text)) ?? [];
    within = name ?? within;
    return within === section && name === undefined && /^[^#=][^=]*=/.test(text) ? [{ index: at, text }] : [];
  });
}

function keyIn(text: string): string {
  return trim(text.slice(0, text.indexOf("=")));
}

function hasGateway(text: string): boolean {
  const [, ...rest] = text.slice(text.indexOf("=") + 1).split(/[,;]/);
  return rest.some((word) => /[.:]/.test(word) && !/^\s*(?:0\.0\.0\.0|::)\s*$/.test(word));
}

/**
 * `address1=IP/24,GATEWAY`, and the older form `addresses1=IP;24;GATEWAY;`. NetworkManager passes over a value with anything else in it,
 * and takes a prefix length that is missing or too long for that of a usual subnet.
 */
function addressIn(text: string, family: Family): string | undefined {
  if (!/^address(?:es)?(?:0|[1-9]\d*)?$/.test(keyIn(text))) return undefined;
  const [, own = "", length, rest = ""] =
    /^([\da-fA-F:.%]*)(?:[/;,](?:(\d+)(?![^/;,]))?(.*))?$/.exec(valueIn(text)) ?? [];
  const ip = canonicalOrUndefined(own);
  if (ip === undefined || familyOf(ip) !== family) return undefined;
  // A gateway, with or without what separates it, and one more separator at the end.
  if (!/^[/;,]?(?:[\da-fA-F:.%]*[/;,]?)$/.test(rest)) return undefined;
  const prefix = length === undefined ? undefined : prefixOf(length.replace(/^0+(?=\d)/, ""), family);
  return `${ip}/${prefix ?? USUAL_PREFIX[family]}`;
}

const USUAL_PREFIX: Readonly<Record<Family, number>> = { ipv4: 24, ipv6: 64 };

function valueIn(text: string): string {
  return trimStart(text.slice(text.indexOf("=") + 1));
}
