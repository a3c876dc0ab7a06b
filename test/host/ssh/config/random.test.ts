import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readSshConfig } from "../../../../provider/host/ssh/config/found";
import { DialError } from "../../../../provider/host/ssh/dial-error";
import { scratchFolder } from "../../scratch";
import { asSshSays, bySsh } from "./by-ssh";

/** PULUMI_LVS_TEXTS=5000 tries more, PULUMI_LVS_SEED=7 others. */
const numRuns = Number(process.env["PULUMI_LVS_TEXTS"] ?? 60);
const seed = Number(process.env["PULUMI_LVS_SEED"] ?? 1);

const names = ["web1", "web2", "WEB1", "db.example.net", "192.0.2.1", "bastion"] as const;
const name = fc.constantFrom(...names);
const pattern = fc.oneof(
  name,
  fc.constantFrom("web?", "*", "w*", "!web1", "!*.net", "*.example.*", "??b1", "db*", "!web2"),
);
const word = fc.constantFrom(
  "ops",
  "a b",
  "a#b",
  "#a",
  "o'ps",
  'o"ps',
  "a\\b",
  "a\\ b",
  "a=b",
  "=a",
  "%h",
  "",
  "none",
  "NONE",
);

/** As it is, or in one of the quotations. */
const written = (all: fc.Arbitrary<string>, quotes: readonly string[] = ['"', "'"]) =>
  fc.tuple(all, fc.constantFrom("", "", "", ...quotes)).map(([value, quote]) => quote + value + quote);

const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  HostName: written(fc.oneof(name, fc.constantFrom("%h", "%h.example.net", "%%h", "Web1.Example.NET", "%n", "a%"))),
  Port: written(fc.constantFrom("22", "2222", "0", "65536", "022", "+22", "ssh", "", "22x", " 22", "1 2")),
  User: written(fc.oneof(name, word)),
  IdentityFile: written(fc.constantFrom("~/.ssh/id", "none", "/a b", "/a\\ b", "~", "~/", "relative", "/k/#x")),
  IdentitiesOnly: written(fc.constantFrom("yes", "no", "true", "false", "YES", "maybe", "1")),
  IdentityAgent: written(fc.constantFrom("none", "SSH_AUTH_SOCK", "~/agent", "/run/%u", "NONE", "/a b")),
  // ssh takes quotations for a part of the name, and gives them to a shell.
  ProxyJump: fc.constantFrom(
    "bastion",
    "ops@bastion:22",
    "none",
    "NONE",
    "a,b",
    "a,,b",
    "ssh://a",
    "ssh://o@a:2/",
    "::1",
    "a:x",
    "a:0",
    "a:99999",
    "@a",
    "o@",
    "a, b",
    "a@b@c",
  ),
  ProxyCommand: written(fc.constantFrom("none", "nc %h %p", "NONE")),
  HostKeyAlias: written(fc.oneof(name, word)),
  UserKnownHostsFile: fc
    .array(written(fc.constantFrom("~/.ssh/a", "/b", "none", "/x y", "%h", "/dev/null")), {
      minLength: 1,
      maxLength: 3,
    })
    .map((all) => all.join(" ")),
  GlobalKnownHostsFile: fc
    .array(written(fc.constantFrom("/g", "/h", "none")), { minLength: 1, maxLength: 2 })
    .map((all) => all.join(" ")),
  StrictHostKeyChecking: written(
    fc.constantFrom("yes", "accept-new", "ask", "no", "off", "true", "ACCEPT-NEW", "maybe"),
  ),
  ConnectTimeout: written(fc.constantFrom("10", "1m", "1m30", "1h1m1s", "0", "none", "1x", "-1", "1m ", "1M")),
  AddressFamily: written(fc.constantFrom("any", "inet", "inet6", "INET", "ipv4")),
  RequiredRSASize: written(fc.constantFrom("1024", "2048", "0", "x")),
  CheckHostIP: written(fc.constantFrom("no", "yes")),
  LogLevel: written(fc.constantFrom("INFO", "QUIET")),
  ForwardAgent: written(fc.constantFrom("yes", "no")),
};

const keyword = (word: string) => fc.constantFrom(word, word.toLowerCase(), word.toUpperCase());
const between = fc.constantFrom(" ", "\t", "=", " = ", "  ", " =", "= ", " \t ");
const ending = fc.constantFrom("", "", "", " ", "\t", " # x", "#x", "\r");

const setting = fc
  .constantFrom(...Object.keys(values))
  .chain((word) =>
    fc.tuple(keyword(word), between, values[word] ?? fc.constant(""), ending).map((parts) => parts.join("")),
  );
const hostBlock = fc
  .tuple(keyword("Host"), between, fc.array(written(pattern), { minLength: 1, maxLength: 3 }), ending)
  .map(([word, gap, patterns, end]) => `${word}${gap}${patterns.join(" ")}${end}`);
const criterion = fc.oneof(
  fc.constantFrom("all", "final", "!final", "canonical"),
  fc
    .tuple(
      fc.constantFrom("host", "originalhost", "user", "localuser", "!host", "!user", "Host", "!originalhost"),
      fc.constantFrom(" ", " ", "="),
      // Of versions of ssh, some know no single quotation marks there.
      written(
        fc
          .array(fc.oneof(pattern, fc.constantFrom("ops", "root")), { minLength: 1, maxLength: 2 })
          .map((all) => all.join(",")),
        ['"'],
      ),
    )
    .map((parts) => parts.join("")),
);
const matchBlock = fc
  .tuple(keyword("Match"), fc.array(criterion, { minLength: 1, maxLength: 3 }))
  .map(([word, criteria]) => `${word} ${criteria.join(" ")}`);
const other = fc.constantFrom(
  "",
  "  ",
  "# Host web1",
  "#",
  "Include FOLDER/more",
  "Include FOLDER/m* FOLDER/none",
  "\f",
);
const line = fc.oneof(
  { arbitrary: setting, weight: 6 },
  { arbitrary: hostBlock, weight: 2 },
  { arbitrary: matchBlock, weight: 2 },
  { arbitrary: other, weight: 1 },
);
const text = fc
  .tuple(fc.array(fc.tuple(fc.constantFrom("", "  ", "\t"), line), { minLength: 1, maxLength: 12 }), fc.boolean())
  .map(([lines, ends]) => lines.map((parts) => parts.join("")).join("\n") + (ends ? "\n" : ""));

/** Who is reached, as whom, and who is trusted. */
const DECIDES = [
  "host",
  "port",
  "user",
  "jumps",
  "hostKeyAlias",
  "hostKeyCheck",
  "identitiesOnly",
  "identityFiles",
  "family",
  "requiredRsaSize",
];

function deciding(found: object): object {
  return Object.fromEntries(
    DECIDES.map((field) => {
      const value: unknown = Reflect.get(found, field);
      return [field, field === "jumps" && String(value).toLowerCase() === "none" ? undefined : value];
    }),
  );
}

test("of a file that is written at random, ssh and we mean the same, or we refuse it", async () => {
  const folder = scratchFolder();
  let alike = 0;
  await fc.assert(
    fc.asyncProperty(text, text, name, async (config, more, host) => {
      const path = join(folder, "config");
      writeFileSync(path, config.replaceAll("FOLDER", folder));
      writeFileSync(join(folder, "more"), more.replaceAll(/^\s*include.*$/gim, ""));
      const [ours, theirs] = await Promise.all([
        readSshConfig({ host }, path).then(asSshSays, (error: unknown) => {
          if (!(error instanceof DialError)) throw error;
          return undefined;
        }),
        bySsh(path, host).catch(() => undefined),
      ]);
      // ssh refuses a file for a word of another host, too.
      if (ours === undefined || theirs === undefined) return;
      alike += 1;
      expect(deciding(ours)).toEqual(deciding(theirs));
    }),
    { numRuns, seed },
  );
  expect(alike).toBeGreaterThan(numRuns / 20);
});
