import { canonicalAddress } from "../../model/network/address";
import type { Fact } from "../fact";

/** An address that keepalived moves between hosts. */
export interface KeepalivedAddress {
  readonly ip: string;
  readonly file: string;
  readonly line: number;
}

/** Those in the files of a keepalived that a boot starts, or that runs. Blocks of addresses only: elsewhere in these files are passwords. */
export const keepalivedAddresses: Fact<readonly KeepalivedAddress[]> = {
  command: {
    inShell: true,
    sh: `for sign in /etc/systemd/system/*.wants/keepalived.service /run/keepalived.pid /run/keepalived/keepalived.pid; do
  [ -e "$sign" ] || [ -L "$sign" ] || continue
  set -- /etc/keepalived/*.conf /etc/keepalived/*/*.conf
  for file; do shift; [ ! -f "$file" ] || set -- "$@" "$file"; done
  [ $# = 0 ] || awk '
    FNR == 1 { inside = 0 }
    { sub(/[#!].*/, "") }
    /(^|[ \\t{}])virtual_ipaddress(_excluded)?([ \\t{]|$)/ { inside = 1 }
    inside { print FNR "\\t" FILENAME "\\t" $0 }
    /}/ { inside = 0 }' "$@"
  break
done`,
  },
  parse: parseKeepalivedAddresses,
};

/** `3\t/etc/keepalived/keepalived.conf\t  192.0.2.10/24 dev eth0 label eth0:1` */
export function parseKeepalivedAddresses(output: string): readonly KeepalivedAddress[] {
  return output.split("\n").flatMap((text) => {
    const [number = "", file = "", ...words] = text.split("\t");
    if (file === "") return [];
    return addressesIn(words.join(" ").split(/[\s{}]+/)).map((ip) => ({ ip, file, line: Number(number) }));
  });
}

/** The addresses in the words of a block of addresses. */
export function addressesIn(words: readonly string[]): readonly string[] {
  // What follows one of these is no address of the host.
  const own = words.filter((_, index) => !["brd", "broadcast", "peer", "src"].includes(words[index - 1] ?? ""));
  return own.flatMap(addressIn);
}

function addressIn(word: string): string[] {
  if (!/^[\da-fA-F.:]+(?:\/\d+)?$/.test(word) || !/[.:]/.test(word)) return [];
  try {
    return [canonicalAddress(word.replace(/\/.*/, ""))];
  } catch {
    return [];
  }
}
