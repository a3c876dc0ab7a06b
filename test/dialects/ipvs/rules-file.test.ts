import fc from "fast-check";
import {
  linesOf,
  persistRules,
  type RuleOwner,
  readRulesFile,
  rulesFileWith,
  unpersistRules,
} from "../../../provider/dialects/ipvs/rules-file";
import { isLoaded, rulesProblem } from "../../../provider/dialects/ipvs/rules-problem";
import type { Names } from "../../../provider/facts/ipvs/names";

const inBlock = (text: string | undefined) => readRulesFile(text).block.map((line) => line.text);

const BEGIN = "# pulumi-lvs begin: these lines are kept by pulumi-lvs, the others are left alone";
const END = "# pulumi-lvs end";
const web: RuleOwner = { service: "tcp 192.0.2.10:80", itself: true, servers: "all" };
const SERVICE = "-A -t 192.0.2.10:80 -s wlc";
const SERVER = "-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1 -x 9";

test.each([
  {
    name: "no file",
    why: "it is made, and goes again",
    text: undefined,
    kept: `${BEGIN} (new file)\n${SERVICE}\n${END}\n`,
  },
  { name: "an empty file", why: "it is there afterwards, too", text: "", kept: `${BEGIN}\n${SERVICE}\n${END}\n` },
  {
    name: "an operator's file",
    why: "the block comes last",
    text: "# mine\n\n-A -u 192.0.2.10:53 -s rr\n",
    kept: `# mine\n\n-A -u 192.0.2.10:53 -s rr\n${BEGIN}\n${SERVICE}\n${END}\n`,
  },
  {
    name: "a file without a last newline",
    why: "the block needs one, the file gets its end back",
    text: "# mine",
    kept: `# mine\n${BEGIN} (no newline before)\n${SERVICE}\n${END}\n`,
  },
])("$name: $why", ({ text, kept }) => {
  expect(persistRules(text, web, [SERVICE])).toBe(kept);
  expect(unpersistRules(kept, web)).toBe(text);
});

test("a second time changes nothing", () => {
  const once = persistRules("# mine", web, [SERVICE, SERVER]);
  expect(persistRules(once, web, [SERVICE, SERVER])).toBe(once);
});

test("a service comes ahead of its servers, and before another service", () => {
  const other: RuleOwner = { service: "tcp 192.0.2.10:8080", itself: true, servers: [] };
  const text = persistRules(persistRules("", other, ["-A -t 192.0.2.10:8080 -s rr"]), web, [SERVER, SERVICE]);
  expect(inBlock(text)).toEqual([SERVICE, SERVER, "-A -t 192.0.2.10:8080 -s rr"]);
});

test("a server's line goes, its service and its neighbours stay", () => {
  const text = persistRules("", web, [SERVICE, SERVER, "-a -t 192.0.2.10:80 -r 10.0.0.12:80 -g -w 1"]);
  const without = unpersistRules(text, { service: web.service, itself: false, servers: ["10.0.0.11:80"] });
  expect(inBlock(without)).toEqual([SERVICE, "-a -t 192.0.2.10:80 -r 10.0.0.12:80 -g -w 1"]);
});

test("a line of others about the same is taken over, in any spelling", () => {
  const text = "ipvsadm --add-service --tcp-service 192.0.2.10:80 -s rr\n-A -t 192.0.2.10:443 -s rr\n";
  expect(linesOf(web, readRulesFile(text).outside)).toHaveLength(1);
  expect(persistRules(text, web, [SERVICE])).toBe(`-A -t 192.0.2.10:443 -s rr\n${BEGIN}\n${SERVICE}\n${END}\n`);
});

test("servers of others need their service first: the block stands ahead of them", () => {
  const text = `# mine\n${SERVICE}\n-a -t 192.0.2.10:80 -r 10.0.0.99:80 -m -w 5\n# end\n`;
  const service: RuleOwner = { service: "tcp 192.0.2.10:80", itself: true, servers: [] };
  const kept = persistRules(text, service, [SERVICE]);
  expect(kept).toBe(`# mine\n${BEGIN}\n${SERVICE}\n${END}\n-a -t 192.0.2.10:80 -r 10.0.0.99:80 -m -w 5\n# end\n`);
  expect(unpersistRules(kept, service)).toBe("# mine\n-a -t 192.0.2.10:80 -r 10.0.0.99:80 -m -w 5\n# end\n");
});

test("lines below the block stay there", () => {
  const text = `${persistRules("# mine", web, [SERVICE]) ?? ""}-A -t 192.0.2.99:80 -s rr\n`;
  expect(unpersistRules(text, web)).toBe("# mine\n-A -t 192.0.2.99:80 -s rr\n");
});

test("comments and empty lines inside the block are the operator's: they are moved above the block", () => {
  const text = `# mine\n${BEGIN}\n\n# why this one\n${SERVICE}\n \n${END}\n`;
  expect(inBlock(text)).toEqual([SERVICE]);
  expect(persistRules(text, web, [SERVICE])).toBe(`# mine\n\n# why this one\n \n${BEGIN}\n${SERVICE}\n${END}\n`);
  expect(unpersistRules(text, web)).toBe("# mine\n\n# why this one\n \n");
});

describe("lines in other words", () => {
  const names: Names = { hosts: new Map([["vip.example", ["192.0.2.10"]]]), ports: new Map([["http/tcp", 80]]) };

  test.each([
    "-A -t vip.example:http -s rr\n",
    "-A -t 192.0.2.10:http -s rr\n",
    "--add-service --tcp-service=192.0.2.10:80\n",
    "  -E -s rr -t vip.example:80\n",
    "-D -t 192.0.2.10:080\n",
  ])("%j is ours, and gives way to our own", (line) => {
    const file = readRulesFile(line, names);
    expect(linesOf(web, file.outside)).toHaveLength(1);
    expect(persistRules(`${line}-A -t 192.0.2.10:443 -s rr\n`, web, [SERVICE], names)).toBe(
      `-A -t 192.0.2.10:443 -s rr\n${BEGIN}\n${SERVICE}\n${END}\n`,
    );
  });

  test("a line that empties the table stands above the block", () => {
    const text = `${BEGIN}\n${SERVICE}\n${END}\n-C\n-A -t 192.0.2.10:443 -s rr\n`;
    expect(isLoaded(readRulesFile(text), [SERVICE], false)).toBe(false);
    const moved = persistRules(text, web, [SERVICE]);
    expect(moved).toBe(
      `-C\n-A -t 192.0.2.10:443 -s rr\n${BEGIN}\n${SERVICE}\n${END}\n`.replace(/(-A.*\n)([^]*)/, "$2$1"),
    );
    expect(isLoaded(readRulesFile(moved), [SERVICE], false)).toBe(true);
  });

  test("a server stands below its service, wherever that is", () => {
    const owner: RuleOwner = { service: web.service, itself: false, servers: ["10.0.0.11:80"] };
    const text = `${BEGIN}\n${SERVER}\n${END}\n-A -t 192.0.2.10:http -s rr\n`;
    expect(isLoaded(readRulesFile(text, names), [SERVER], false)).toBe(false);
    expect(persistRules(text, owner, [SERVER], names)).toBe(
      `-A -t 192.0.2.10:http -s rr\n${BEGIN}\n${SERVER}\n${END}\n`,
    );
  });
});

describe("a load that does not end with our lines", () => {
  const problemOf = (text: string, whole = false) =>
    rulesProblem("/etc/ipvsadm.rules", rulesFileWith(readRulesFile(text), web, [SERVICE]), web, [SERVICE], {
      whole,
      isLive: () => true,
    });
  const more = "(a comment has # in its first column)";

  test.each([
    ["# fine\n-A -t 192.0.2.9:80 -s rr\n", undefined],
    [
      "# mine\n  # web\n",
      `line 2 of /etc/ipvsadm.rules ("# web"): "#" is no command, which ends the load. Correct it, or delete the line ${more}`,
    ],
    [
      "-A -t web:http -s rr\n",
      `line 1 of /etc/ipvsadm.rules ("-A -t web:http -s rr"): "web:http" is no address of a service that the host knows, which ends the load. Correct it, or delete the line ${more}`,
    ],
    [
      "-A -t 192.0.2.10:80 -s rr --new\n",
      'line 1 of /etc/ipvsadm.rules ("-A -t 192.0.2.10:80 -s rr --new"): --new: unknown option, so that it cannot be compared. Correct it, or delete the line',
    ],
    ["-A -t 192.0.2.9:80 -s rr --new\n", undefined],
  ])("%j", (text, problem) => expect(problemOf(text)).toBe(problem));

  test("behind our block matters where the loader empties the table after an error", () => {
    const text = `${BEGIN}\n${SERVICE}\n${END}\nrubbish\n`;
    expect([problemOf(text), isLoaded(readRulesFile(text), [SERVICE], false)]).toEqual([undefined, true]);
    expect(problemOf(text, true)).toMatch(/^line 4 of .* which ends the load/);
    const twice = `${BEGIN}\n${SERVICE}\n${END}\n-A -t 192.0.2.9:80 -s rr\n-A -t 192.0.2.9:80 -s rr\n`;
    expect(isLoaded(readRulesFile(twice), [SERVICE], true)).toBe(false);
    expect(problemOf(twice, true)).toBe(
      'line 5 of /etc/ipvsadm.rules ("-A -t 192.0.2.9:80 -s rr"): it is there already. As the last line it fails the load, and the unit then empties the table. Correct it, or delete the line',
    );
  });
});

test("a block without its end is an error", () => {
  expect(() => persistRules(`${BEGIN}\n${SERVICE}\n`, web, [SERVICE])).toThrow(
    `the block that starts with "${BEGIN}" has no line "${END}": put it back, or remove the block`,
  );
});

const line = fc.oneof(
  fc.constantFrom(
    "",
    "# a comment",
    "-A -u 192.0.2.1:53 -s rr",
    "-a -u 192.0.2.1:53 -r 10.0.0.1:53 -m -w 1",
    "--set 900 120 300",
  ),
  fc.stringMatching(/^[ -~]*$/),
);
const file = fc.option(
  fc
    .tuple(fc.array(line), fc.constantFrom("\n", ""))
    .map(([lines, end]) => (lines.length === 0 ? "" : lines.join("\n") + end)),
  { nil: undefined },
);
const owners = fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { minLength: 1, maxLength: 8 });
const owner = (port: number): RuleOwner => ({ service: `tcp 203.0.113.1:${port}`, itself: true, servers: "all" });

test("rules that are added and removed in any order leave the file byte for byte", () => {
  fc.assert(
    fc.property(file, owners, fc.infiniteStream(fc.nat()), (before, ports, picks) => {
      let text = before;
      for (const port of ports) text = persistRules(text, owner(port), [`-A -t 203.0.113.1:${port} -s rr`]);
      expect(inBlock(text)).toHaveLength(ports.length);
      const left = [...ports];
      while (left.length > 0) {
        const [port = 0] = left.splice((picks.next().value ?? 0) % left.length, 1);
        text = unpersistRules(text, owner(port));
      }
      expect(text).toBe(before);
    }),
  );
});
