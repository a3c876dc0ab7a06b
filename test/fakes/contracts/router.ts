import { type Routing, routing } from "../../../provider/kinds/return-route/facts";
import { returnRoute } from "../../../provider/kinds/return-route/kind";
import { type CommandStep, run } from "../../../provider/step";
import type { Contract, ContractStep, Failure } from "./contract";

interface RouterFacts {
  readonly routing: readonly string[];
}

const TABLES = [4711, 4712];
const RULE = "from 10.7.0.100 lookup 4711 priority 20000";

/** Routes and rules under `ip route` and `ip rule`, as FakeRouter has them. */
export const router: Contract<RouterFacts> = {
  name: "FakeRouter",
  host: "director1",
  reset: `for priority in 20000 20001; do ip rule del priority $priority; done
for table in ${TABLES.join(" ")}; do ip route flush table $table; done
for device in dummy7 dummy8; do
  ip link del $device
  ip link add $device type dummy && ip link set $device up
done
ip addr add 10.7.0.100/24 dev dummy7
ip addr add 10.8.0.100/24 dev dummy8`,
  facts: { routing: { command: routing("ipv4").command, parse: (text) => describe(routing("ipv4").parse(text)) } },
  advice: returnRoute.advice ?? [],
  scenarios: [
    {
      name: "a rule exists once, and only what exists is deleted",
      steps: [
        gives(`rule add ${RULE}`, `20000: ${withoutPriority(RULE)}`),
        fails(`rule add ${RULE}`, "RTNETLINK answers: File exists", `20000: ${withoutPriority(RULE)}`),
        gives(
          "rule add from 10.7.0.100 lookup 4711 priority 20001",
          `20000: ${withoutPriority(RULE)}`,
          `20001: ${withoutPriority(RULE)}`,
        ),
        gives(`rule del ${RULE}`, `20001: ${withoutPriority(RULE)}`),
        fails(`rule del ${RULE}`, "RTNETLINK answers: No such file or directory", `20001: ${withoutPriority(RULE)}`),
      ],
    },
    {
      name: "a route replaces the one to the same destination in its table",
      steps: [
        gives("route replace default via 10.7.0.2 dev dummy7 table 4711", "default via 10.7.0.2 dev dummy7 table 4711"),
        gives("route replace default via 10.8.0.2 dev dummy8 table 4711", "default via 10.8.0.2 dev dummy8 table 4711"),
        gives(
          "route replace default via 10.7.0.2 dev dummy7 table 4712",
          "default via 10.7.0.2 dev dummy7 table 4712",
          "default via 10.8.0.2 dev dummy8 table 4711",
        ),
        gives("route del default via 10.7.0.2 dev dummy7 table 4712", "default via 10.8.0.2 dev dummy8 table 4711"),
        fails(
          "route del default via 10.7.0.2 dev dummy7 table 4712",
          "RTNETLINK answers: No such process",
          "default via 10.8.0.2 dev dummy8 table 4711",
        ),
      ],
    },
    {
      name: "a gateway must be in a network of the device",
      steps: [
        {
          step: batch("route replace default via 10.9.0.2 dev dummy7 table 4711"),
          fails: {
            code: 1,
            stderr: "Error: Nexthop has invalid gateway.\nCommand failed -:1",
            advice: '"gateway" must be',
          },
          seen: { routing: [] },
        },
        {
          step: batch("route replace default via 10.9.0.2 dev dummy9 table 4711"),
          fails: { code: 1, stderr: 'Cannot find device "dummy9"\nCommand failed -:1', advice: "The interface" },
          seen: { routing: [] },
        },
      ],
    },
    {
      name: "a batch stops at the line that fails, and a forced one goes on",
      steps: [
        {
          step: batch(`rule del ${RULE}`, "route replace default via 10.7.0.2 dev dummy7 table 4711"),
          fails: { code: 1, stderr: "RTNETLINK answers: No such file or directory\nCommand failed -:1" },
          seen: { routing: [] },
        },
        {
          step: batch("-force", `rule del ${RULE}`, "route replace default via 10.7.0.2 dev dummy7 table 4711"),
          fails: { code: 1, stderr: "RTNETLINK answers: No such file or directory\nCommand failed -:1" },
          seen: { routing: ["default via 10.7.0.2 dev dummy7 table 4711"] },
        },
      ],
    },
    {
      name: "routes go with the last address of their device, rules stay",
      steps: [
        {
          step: batch(
            "route replace 10.7.0.0/24 dev dummy7 src 10.7.0.100 table 4711",
            "route replace default via 10.7.0.2 dev dummy7 table 4711",
            `rule add ${RULE}`,
          ),
          seen: {
            routing: [
              "10.7.0.0/24 dev dummy7 table 4711",
              `20000: ${withoutPriority(RULE)}`,
              "default via 10.7.0.2 dev dummy7 table 4711",
            ],
          },
        },
        gives("addr del 10.7.0.100/24 dev dummy7", `20000: ${withoutPriority(RULE)}`),
      ],
    },
    {
      name: "routes go with their device, rules stay",
      steps: [
        {
          step: batch("route replace default via 10.8.0.2 dev dummy8 table 4711", `rule add ${RULE}`),
          seen: {
            routing: [`20000: ${withoutPriority(RULE)}`, "default via 10.8.0.2 dev dummy8 table 4711"],
          },
        },
        gives("link del dev dummy8", `20000: ${withoutPriority(RULE)}`),
      ],
    },
  ],
};

function ip(line: string): CommandStep {
  return run("ip", ...line.split(" "));
}

/** `-force` as the first line is an option. */
function batch(...lines: readonly string[]): CommandStep {
  const force = lines[0] === "-force";
  const stdin = lines.slice(force ? 1 : 0).map((line) => `${line}\n`);
  return { command: { run: ["ip", "-4", ...(force ? ["-force"] : []), "-batch", "-"], stdin: stdin.join("") } };
}

function gives(line: string, ...seen: readonly string[]): ContractStep<RouterFacts> {
  return { step: ip(line), seen: { routing: seen } };
}

function fails(line: string, stderr: string, ...seen: readonly string[]): ContractStep<RouterFacts> {
  const failure: Failure = { code: 2, stderr };
  return { step: ip(line), fails: failure, seen: { routing: seen } };
}

function withoutPriority(rule: string): string {
  return rule.replace(/ priority \d+$/, "");
}

/** Rules of 10.7.0.100 and routes of the two tables, a line each, sorted. */
function describe({ rules, routes }: Routing): string[] {
  return [
    ...rules.filter(({ from }) => from === "10.7.0.100").map(({ priority, text }) => `${priority}: ${text}`),
    ...routes
      .filter(({ table }) => TABLES.includes(table))
      .map(
        ({ to, via, device, table }) => `${to}${via === undefined ? "" : ` via ${via}`} dev ${device} table ${table}`,
      ),
  ].sort();
}
