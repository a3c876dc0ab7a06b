import { load } from "../../../../provider/dialects/ipvs/load.ts";
import { outsideLine, type RuleLine } from "../../../../provider/dialects/ipvs/rule-line.ts";
import { UserError } from "../../../../provider/errors.ts";
import type { Names } from "../../../../provider/facts/ipvs/names.ts";
import { readWords } from "../../../../provider/facts/ipvs/popt.ts";
import { ruleTarget, splitRule, targetKey } from "../../../../provider/facts/ipvs/rule-target.ts";
import type { LabHost } from "../../../../tools/lab/host/host.ts";
import { fc, type Texts } from "../../../support/differential.ts";
import type { LabFormat } from "../compare.ts";
import { readEach } from "../read-each.ts";

/** A rules file of ipvsadm, read by `ipvsadm --restore`: which objects are there afterwards, what each is, and whether the load failed. */
export const rules: LabFormat = {
  name: "ipvsadm --restore",
  host: "nfs",
  texts: fc
    .array(line(), { minLength: 1, maxLength: 8 })
    .map((lines): Texts => ({ rules: lines.map((text) => `${text}\n`).join("") })),
  ours: ({ rules = "" }) => meaningOf(rules),
  read,
  refusedAtMost: 0.2,
};

/** In /etc/hosts and /etc/services of the host while it reads. */
const NAMES: Names = {
  hosts: new Map([
    ["lvs-vip", ["192.0.2.1"]],
    ["lvs.web1", ["10.0.0.1"]],
  ]),
  ports: new Map([
    ["lvshttp/tcp", 80],
    ["lvsdns/udp", 53],
  ]),
};

async function read(host: LabHost, all: readonly Texts[]): Promise<readonly unknown[]> {
  await host.sh(`modprobe ip_vs
printf '192.0.2.1 lvs-vip # lvs-test\\n10.0.0.1 lvs.web1 # lvs-test\\n' >>/etc/hosts
printf 'lvshttp 80/tcp # lvs-test\\nlvsdns 53/udp # lvs-test\\n' >>/etc/services`);
  try {
    const answers = await readEach(host, all.map(inputOf), LOAD);
    return answers.map(({ stdout }) => {
      const [code = "", ...lines] = stdout.split("\n").filter((text) => text !== "");
      return { failed: code !== "0", objects: Object.fromEntries(lines.map(savedObject).sort()) };
    });
  } finally {
    await host.sh("sed -i '/# lvs-test$/d' /etc/hosts /etc/services; ipvsadm -C");
  }
}

/** As the loaders do: comments are left out, and the table is emptied first. Two processes for each text, which cost the most here. */
const inputOf = ({ rules: text = "" }: Texts): Texts => ({
  input: ["-C", ...text.split("\n").filter((each) => !each.startsWith("#"))].join("\n"),
});

const LOAD = `code=0
ipvsadm -R <input >/dev/null 2>&1 || code=$?
echo $code
ipvsadm -Sn`;

/** `tcp 192.0.2.1:80` -> `rr`, and a server -> its weight. */
function savedObject(text: string): readonly [string, string] {
  const target = ruleTarget(text);
  const words = splitRule(text);
  const value = words[words.indexOf(target?.server === undefined ? "-s" : "-w") + 1];
  return [target === undefined ? text : targetKey(target), value ?? ""];
}

function meaningOf(text: string): unknown {
  const lines = text
    .split("\n")
    .slice(0, -1)
    .map((each, index) => outsideLine(`${each}\n`, index + 1, NAMES));
  const { last, stop, failure, unsure } = load(lines);
  const [unclear] = unsure;
  if (unclear !== undefined) throw new UserError(`line ${unclear.line.number}: ${unclear.problem}`);
  const objects = [...last].filter(([key, { reading }]) => key !== "timeouts" && isThere(reading));
  return {
    failed: stop !== undefined || failure !== undefined,
    objects: Object.fromEntries(objects.map(([key, each]) => [key, valueOf(each)] as const).sort()),
  };
}

function isThere(reading: RuleLine["reading"]): boolean {
  return reading?.does === "add" || reading?.does === "edit";
}

function valueOf({ text, target }: RuleLine): string {
  const { options } = readWords(text.split(/[ \t\r\n]+/).filter((word) => word !== ""));
  const name = target?.server === undefined ? "scheduler" : "weight";
  const value = options.find((option) => option.name === name)?.value;
  return name === "scheduler" ? (value ?? "wlc") : String(Number(value ?? 1));
}

type Piece = readonly [short: string, long: string, value?: string];

/** A line in the words that people and tools use. */
function line(): fc.Arbitrary<string> {
  const text = fc.oneof({ weight: 12, arbitrary: command() }, { weight: 1, arbitrary: odd() });
  const before = fc.constantFrom("", "", "", "", " ", "\t", "ipvsadm ", "/sbin/ipvsadm ", "#", " #", "sudo ");
  const after = fc.constantFrom(
    "",
    "",
    "",
    "",
    " ",
    "\t",
    "\r",
    " # web",
    " --bogus",
    " -n",
    " extra",
    " --",
    " ipvsadm",
    "\f",
  );
  return fc.tuple(before, text, after).map((parts) => parts.join(""));
}

function odd(): fc.Arbitrary<string> {
  return fc.constantFrom(
    "",
    "-C",
    "--clear",
    "-L",
    "-Z",
    "--set 900 120 300",
    "--set 900 120",
    "--set 1 2 3 4",
    "-R",
    "-S -n",
    "web",
    "-",
    "--",
    "-x 5",
    "\u00a0",
  );
}

function command(): fc.Arbitrary<string> {
  const name = fc.constantFrom<Piece>(
    ["-A", "--add-service"],
    ["-A", "--add-service"],
    ["-a", "--add-server"],
    ["-a", "--add-server"],
    ["-E", "--edit-service"],
    ["-e", "--edit-server"],
    ["-D", "--delete-service"],
    ["-d", "--delete-server"],
  );
  return name.chain((first) => {
    const isServer = first[0] === first[0].toLowerCase();
    const isDelete = first[0].toLowerCase() === "-d";
    const options = isDelete ? fc.constant<Piece[]>([]) : isServer ? serverOptions() : serviceOptions();
    return fc
      .tuple(service(), isServer ? server() : fc.constant<Piece[]>([]), options, fc.nat(9))
      .chain(([of, at, more, order]) => {
        const pieces = order === 0 ? [...at, ...more, ...of] : [...of, ...at, ...more];
        return fc.tuple(...[first, ...pieces].map(spelled)).map((words) => words.join(" "));
      });
  });
}

function service(): fc.Arbitrary<Piece[]> {
  return fc.oneof(
    {
      weight: 6,
      arbitrary: address([
        "192.0.2.1",
        "192.0.2.1",
        "lvs-vip",
        "192.0.513",
        "0300.0.2.1",
        "0xc0000201",
        "192.0.2.2",
        "nobody.invalid",
      ]).map((at): Piece[] => [["-t", "--tcp-service", at]]),
    },
    { weight: 1, arbitrary: address(["192.0.2.1", "lvs-vip"]).map((at): Piece[] => [["-u", "--udp-service", at]]) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(
          "[2001:db8::1]:80",
          "[2001:DB8:0::1]:lvshttp",
          "2001:db8::1",
          "[2001:db8::1]",
          "[192.0.2.1]:80",
          "2001:db8::1:80",
        )
        .map((at): Piece[] => [["-t", "--tcp-service", at]]),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("7", "+7", "07", "0", "x", "0x7")
        .map((mark): Piece[] => [["-f", "--fwmark-service", mark]]),
    },
    {
      weight: 1,
      arbitrary: fc.constant<Piece[]>([
        ["-f", "--fwmark-service", "7"],
        ["-6", "--ipv6"],
      ]),
    },
    { weight: 1, arbitrary: fc.constant<Piece[]>([]) },
  );
}

function server(): fc.Arbitrary<Piece[]> {
  const four = address(["10.0.0.1", "10.0.0.1", "lvs.web1", "10.1", "10.0.0.2", "012.0.0.1"]);
  const at = fc.oneof(
    { weight: 6, arbitrary: four },
    { weight: 1, arbitrary: fc.constantFrom("[2001:db8::5]:80", "2001:db8::5", "[2001:db8::5]", "80", "") },
  );
  return at.map((text): Piece[] => [["-r", "--real-server", text]]);
}

function address(hosts: readonly string[]): fc.Arbitrary<string> {
  const port = fc.constantFrom(
    ":80",
    ":80",
    ":80",
    ":lvshttp",
    ":lvsdns",
    ":080",
    ":+80",
    ":0",
    "",
    ":",
    ":8080",
    ":65536",
    ":-1",
  );
  return fc.tuple(fc.constantFrom(...hosts), port).map((parts) => parts.join(""));
}

function serviceOptions(): fc.Arbitrary<Piece[]> {
  const options: Piece[] = [
    ["-s", "--scheduler", "rr"],
    ["-s", "--scheduler", "wrr"],
    ["-s", "--scheduler", "sh"],
    ["-s", "--scheduler", "RR"],
    ["-p", "--persistent", "300"],
    ["-p", "--persistent"],
    ["-p", "--persistent", "0"],
    ["-M", "--netmask", "255.255.255.0"],
    ["-M", "--netmask", "64"],
    ["-o", "--ops"],
    ["-b", "--sched-flags", "sh-port"],
    ["-b", "--sched-flags", "flag-1,flag-2"],
    ["-w", "--weight", "3"],
    ["-y", "--no-such-option"],
  ];
  return fc.subarray(options, { maxLength: 3 });
}

function serverOptions(): fc.Arbitrary<Piece[]> {
  const options: Piece[] = [
    ["-g", "--gatewaying"],
    ["-m", "--masquerading"],
    ["-m", "--masquerading"],
    ["-i", "--ipip"],
    ["-w", "--weight", "5"],
    ["-w", "--weight", "07"],
    ["-w", "--weight", "x"],
    ["-w", "--weight", "70000"],
    ["-x", "--u-threshold", "9"],
    ["--tun-type gre", "--tun-type", "gre"],
    ["--tun-type gue --tun-port 6080", "--tun-type=gue --tun-port=6080"],
    ["-s", "--scheduler", "rr"],
  ];
  return fc.subarray(options, { maxLength: 3 });
}

/** One of the ways to write an option. */
function spelled([short, long, value]: Piece): fc.Arbitrary<string> {
  if (value === undefined) return fc.constantFrom(short, short, short, long);
  return fc.constantFrom(
    `${short} ${value}`,
    `${short} ${value}`,
    `${short} ${value}`,
    `${short}\t ${value}`,
    `${short}${value}`,
    `${short}=${value}`,
    `${long} ${value}`,
    `${long}=${value}`,
  );
}
