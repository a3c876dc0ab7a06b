import { fc } from "../../../support/differential.ts";

/**
 * Texts of exports(5). `sec=` is not among the options for all clients of a line: options of a client do not change those of its
 * flavours, which no list of options can say, and nobody but exportfs needs.
 */
export function exportsTexts(): fc.Arbitrary<string> {
  const path = fc
    .constantFrom(
      "/x/common",
      "/x/common/",
      "//x//common",
      "/x/link",
      "/x/link/.",
      "/x/my docs",
      "/x/#1",
      "/x/a\u00a0b",
      "/none",
    )
    .chain((one) =>
      fc.oneof({ weight: 3, arbitrary: respelt(one) }, { weight: 1, arbitrary: fc.constant(`"${one}"`) }),
    );
  const word = fc.oneof(
    {
      weight: 40,
      arbitrary: fc.constantFrom(
        "rw",
        "ro",
        "sync",
        "async",
        "no_root_squash",
        "no_subtree_check",
        "fsid=7",
        "fsid=010",
        "anonuid=-2",
        "sec=sys:krb5",
        "mp",
        "mp=/x",
        "insecure",
        "secure_locks",
        "refer=/a@b",
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom("", "frobnicate", "rw ", "sec=krb6", "anonuid=", "RW") },
  );
  const options = fc
    .tuple(fc.array(word, { maxLength: 3 }), fc.boolean())
    .map(([words, comma]) => words.join(",") + (comma && words.length > 0 ? "," : ""));
  const name = fc.constantFrom(
    "web1",
    "WEB1",
    "192.168.4.100",
    "web2",
    "nfs",
    "nohost.invalid",
    "*",
    "",
    "192.168.2.0/24",
    "192.168.2.0/255.255.255.0",
    "2001:db8::/64",
    "@trusted",
    "*.example.org",
    "web[12]",
    "gss/krb5",
    "=",
  );
  const client = fc.oneof(
    {
      weight: 10,
      arbitrary: fc
        .tuple(name.chain(respelt), fc.option(options))
        .map(([one, list]) => (list === null ? one : `${one}(${list})`)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "web2(rw)x",
        "web2(rw",
        "(ro)",
        "web1(rw)#x",
        '"web1(rw, sync)"',
        '""',
        "-ro",
        "web2)",
      ),
    },
  );
  const gap = fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(" ", "\t", "  ", " \\\n", "\\\n   ", " \\\n\t\\\n ") },
    { weight: 1, arbitrary: fc.constantFrom("\v", "\f", "\r", " \u00a0 ", "\u00a0", " \\ ") },
  );
  const line = fc
    .record({
      indent: fc.constantFrom("", "", "", " ", "\t", "\\\n"),
      path,
      defaults: fc.oneof(
        { weight: 4, arbitrary: fc.constant("") },
        { weight: 1, arbitrary: options.filter((list) => !list.includes("sec=")).map((list) => `-${list}`) },
      ),
      clients: fc.array(fc.tuple(gap, client), { maxLength: 3 }),
      gap,
      end: fc.constantFrom("", "", "", " ", "# comment", " # comment", " # goes on \\", "\r", "\\\n"),
    })
    .map((one) =>
      [one.indent, one.path, one.defaults === "" ? "" : one.gap + one.defaults, ...one.clients.flat(), one.end].join(
        "",
      ),
    );
  const other = fc.constantFrom("", "# comment", "  # comment \\", "\\", "#", " ", "\r", "\u00a0");
  return fc
    .tuple(
      fc.array(fc.oneof({ weight: 5, arbitrary: line }, { weight: 1, arbitrary: other }), { maxLength: 4 }),
      fc.boolean(),
    )
    .map(([lines, isEnded]) => lines.join("\n") + (isEnded || lines.at(-1)?.endsWith("\\") === true ? "\n" : ""));
}

/** Characters of a word as they are, quoted, or as octal codes. */
function respelt(word: string): fc.Arbitrary<string> {
  const spell = (character: string): fc.Arbitrary<string> => {
    const code = [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
    const plain =
      /[\s"#\\]/.test(character) && character !== "\u00a0" ? [] : [{ weight: 20, arbitrary: fc.constant(character) }];
    return fc.oneof(
      ...plain,
      { weight: 1, arbitrary: fc.constant(code) },
      { weight: 1, arbitrary: fc.constant(character === '"' ? code : `"${character}"`) },
    );
  };
  return fc.tuple(...Array.from(word, spell)).map((parts) => parts.join(""));
}
