import { fc, type Texts } from "../../../support/differential.ts";

/** What the device is called in the texts. Each text gets one of its own. */
export const DEVICE = "eth0";

export const FILE = `etc/systemd/network/50-${DEVICE}.network`;

/** The addresses that are asked about. */
export const IPS = ["192.168.4.5", "2001:db8::5"];

/** Drop-ins: one file hides another of its name, and one has a name that does not count. */
const DROP_INS = [
  `${FILE}.d/10-a.conf`,
  `${FILE}.d/20-b.conf`,
  `run/systemd/network/50-${DEVICE}.network.d/10-a.conf`,
  `run/systemd/network/50-${DEVICE}.network.d/15-c.conf`,
  `${FILE}.d/30-d.txt`,
];

/** Without addresses that a link has of itself. */
const NETWORK = "[Network]\nLinkLocalAddressing=no\nIPv6AcceptRA=no";

export function networkdTexts(): fc.Arbitrary<Texts> {
  const file = fc.tuple(match(), sections(4)).map(([head, more]) => `${head}\n${NETWORK}\n${more}`);
  const dropIn = fc.option(sections(2), { nil: undefined, freq: 2 });
  return fc
    .tuple(lineEnds(file), ...DROP_INS.map(() => lineEnds(dropIn)))
    .map(([first, ...others]) =>
      Object.fromEntries(
        [[FILE, first] as const, ...others.map((text, at) => [DROP_INS[at] ?? "", text] as const)].filter(
          (entry): entry is readonly [string, string] => entry[1] !== undefined,
        ),
      ),
    );
}

function lineEnds<T extends string | undefined>(texts: fc.Arbitrary<T>): fc.Arbitrary<string | undefined> {
  return fc
    .tuple(texts, fc.constantFrom("\n", "\n", "\n", "\n", "\r\n", "\r", "\n\r"))
    .map(([text, end]) => text?.replaceAll("\n", end));
}

function match(): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom("", "", "", "# first\n", "\ufeff", ";\n\n"),
      fc.constantFrom(
        `Name=${DEVICE}`,
        `Name=${DEVICE}`,
        `Name=x? ${DEVICE}*`,
        `Name=other\nName=${DEVICE}`,
        `Type=ether\nName=${DEVICE}`,
        ` Name =\\\n  ${DEVICE}`,
      ),
    )
    .map(([before, name]) => `${before}[Match]\n${name}`);
}

function sections(most: number): fc.Arbitrary<string> {
  const header = fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom("[Address]", "[Address]", "[Network]", " [Address] ") },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        "[ Address ]",
        "[address]",
        "[Foo]",
        "[X-Foo]",
        "[]",
        "[a]b]",
        "[[Foo]]",
        "[Addr\\\ness]",
      ),
    },
    fc.constantFrom("[Address", "[Address] # x", "[", '["x"]', "[a\\b]"),
  );
  const label = fc.constantFrom(...LABELS).map((text) => `Label=${text}`);
  const line = fc.oneof(
    { weight: 12, arbitrary: addressLine() },
    { weight: 3, arbitrary: label },
    { weight: 6, arbitrary: fc.tuple(addressLine(), label).map((lines) => lines.join("\n")) },
    { weight: 2, arbitrary: fc.constantFrom(...SETTINGS) },
    { weight: 2, arbitrary: fc.constantFrom(...ODD_LINES) },
  );
  const section = fc
    .tuple(header, fc.array(line, { minLength: 1, maxLength: 4 }))
    .map(([head, lines]) => [head, ...lines, ""].join("\n"));
  const before = fc.array(line, { maxLength: 1 }).map((lines) => lines.map((one) => `${one}\n`).join(""));
  return fc
    .tuple(before, fc.array(section, { minLength: 1, maxLength: most }))
    .map(([first, more]) => first + more.join(""));
}

function addressLine(): fc.Arbitrary<string> {
  const four = fc.tuple(
    fc.constantFrom("192.168.4.5", "192.168.4.5", "192.168.4.5", "192.168.4.9", "192.168.4.50", "192.168.04.5"),
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom("/32", "/32", "/24") },
      fc.constantFrom("", "/024", "/0x18", "/0b11000", "/0", "/33", "/255.255.255.0", "/ 24", "/+24", "/-0", "/24/3"),
    ),
  );
  const six = fc.tuple(
    fc.constantFrom("2001:db8::5", "2001:0DB8:0::5", "2001:db8::9", "::ffff:192.168.4.5", "2001:db8::5%eth0"),
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom("/128", "/64") }, fc.constantFrom("", "/0x40", "/129", "/0100")),
  );
  const one = fc.oneof({ weight: 3, arbitrary: four }, six).map((parts) => parts.join(""));
  const value = fc.oneof(
    { weight: 16, arbitrary: one },
    one.map((text) => `"${text}"`),
    one.map((text) => `${text} # x`),
    fc.tuple(one, one).map((both) => both.join(" ")),
    one.map((text) => text.replace(/.$/, "\\\n$&")),
    one.map((text) => `\\\n# between\n  ${text}`),
  );
  const key = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom("Address=", "Address=", " Address = ", "Address\t=\t") },
    fc.constantFrom("address=", "Addr\\\ness=", ";Address=", "#Address=", "Address==", "Addresses="),
  );
  const after = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom("", "", " ", "\t") },
    fc.constantFrom("\\", "\\ ", "\\\\", "\\\n"),
  );
  return fc.tuple(key, value, after).map((parts) => parts.join(""));
}

const LABELS = [
  `${DEVICE}:1`,
  `${DEVICE}:1`,
  `${DEVICE}:web`,
  "",
  DEVICE,
  "a b",
  "waytoolongalabel",
  "é",
  `"${DEVICE}"`,
];

const SETTINGS = [
  // With a broadcast address and no other, networkd 252 aborts.
  "Address=192.168.4.5/24\nBroadcast=192.168.4.255",
  "Address=192.168.4.5/32\nPeer=192.168.9.9/24",
  "Broadcast=yes",
  "Broadcast=x",
  "Scope=link",
  "Scope=x",
  "DuplicateAddressDetection=none",
  "AddPrefixRoute=no",
  "PreferredLifetime=0",
  "RouteMetric=5",
  "label=x",
  "Foo=192.168.4.5/32",
];

const ODD_LINES = [
  "Address=",
  "Address",
  "=192.168.4.5/32",
  "nonsense",
  "# x \\",
  "\\",
  "",
  " ; ",
  "DNS=192.168.4.5",
  "\ufeff",
];
