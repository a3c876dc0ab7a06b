import { debianRules } from "../../../provider/dialects/ipvs/debian";
import { fileText } from "../../../provider/facts/files/text";
import { type IpvsTable, ipvsAdvice, ipvsTable } from "../../../provider/facts/ipvs/table";
import type { Server, ServerSettings, Tunnel } from "../../../provider/model/ipvs/real-server";
import { serviceKey } from "../../../provider/model/ipvs/service-key";
import type { Service } from "../../../provider/model/ipvs/virtual-service";
import { quote, type Step } from "../../../provider/step";
import { DEBIAN_RULES } from "../fake-loader";
import type { Contract, ContractStep, Failure } from "./contract";

interface DirectorFacts {
  readonly table: IpvsTable;
  readonly rules: string | undefined;
}

/** The kernel's table under `ipvsadm`, as FakeDirector has it. */
export const director: Contract<DirectorFacts> = {
  name: "FakeDirector",
  host: "director1",
  reset: `ipvsadm -C
printf '%s' ${quote(DEBIAN_RULES)} >${debianRules.file}`,
  facts: { table: ipvsTable, rules: fileText(debianRules.file) },
  advice: ipvsAdvice,
  scenarios: [
    {
      name: "a service with a server is added, changed as a whole, and deleted",
      steps: [
        gives("-A -t 192.0.2.10:80 -s wlc", [web()]),
        gives("-E -t 192.0.2.10:80 -s rr -p 600 -M 255.255.255.0", [
          web({ scheduler: "rr", persistenceTimeout: 600, netmask: "255.255.255.0" }),
        ]),
        gives("-E -t 192.0.2.10:80 -s wrr", [web({ scheduler: "wrr" })]),
        gives("-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100", [web({ scheduler: "wrr" })], [server({ weight: 100 })]),
        gives(
          "-e -t 192.0.2.10:80 -r 10.0.0.11:80 -m -w 1 -x 10 -y 5",
          [web({ scheduler: "wrr" })],
          [server({ forwarding: "masquerade", upperThreshold: 10, lowerThreshold: 5 })],
        ),
        gives("-e -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 0", [web({ scheduler: "wrr" })], [server({ weight: 0 })]),
        gives("-d -t 192.0.2.10:80 -r 10.0.0.11:80", [web({ scheduler: "wrr" })]),
        gives("-D -t 192.0.2.10:80", []),
      ],
    },
    {
      name: "a service takes its servers with it",
      steps: [
        gives("-A -t 192.0.2.10:80 -s wlc", [web()]),
        gives("-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1", [web()], [server()]),
        gives("-A -t 192.0.2.11:80 -s wlc", [web(), web({ address: "192.0.2.11:80" })], [server()]),
        gives("-D -t 192.0.2.10:80", [web({ address: "192.0.2.11:80" })]),
      ],
    },
    {
      name: "every protocol, and both families of a mark",
      steps: [
        gives("-A -u 192.0.2.10:53 -s rr -o", [dns()]),
        gives("-A --sctp-service [2001:db8::5]:9 -s wlc", [dns(), sctp()]),
        gives("-A -f 7 -s wlc", [dns(), sctp(), mark("ipv4")]),
        gives("-A -f 7 -6 -s wlc -p 300 -M 64", [dns(), sctp(), mark("ipv4"), persistent()]),
        gives(
          "-a -f 7 -6 -r [2001:db8::11]:0 -g -w 1",
          [dns(), sctp(), mark("ipv4"), persistent()],
          [server({ service: "fwmark 7 ipv6", address: "[2001:db8::11]:0" })],
        ),
      ],
    },
    {
      name: "flags of schedulers have names of their own",
      steps: [
        gives("-A -t 192.0.2.10:80 -s sh -b sh-fallback,sh-port", [
          web({ scheduler: "sh", schedulerFlags: ["sh-fallback", "sh-port"] }),
        ]),
        gives("-E -t 192.0.2.10:80 -s wlc -b flag-1,flag-3", [web({ schedulerFlags: ["flag-1", "flag-3"] })]),
        gives("-E -t 192.0.2.10:80 -s rr --pe sip -p 300", [
          web({ scheduler: "rr", persistenceTimeout: 300, persistenceEngine: "sip" }),
        ]),
      ],
    },
    {
      name: "a tunnel crosses families, and names its type",
      steps: [
        gives("-A -t 192.0.2.10:80 -s wlc", [web()]),
        gives("-a -t 192.0.2.10:80 -r 10.0.0.11:80 -i -w 1", [web()], [tunnelled({ type: "ipip" })]),
        gives(
          "-e -t 192.0.2.10:80 -r 10.0.0.11:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum",
          [web()],
          [tunnelled({ type: "gue", port: 6080, checksum: "csum" })],
        ),
        gives(
          "-e -t 192.0.2.10:80 -r 10.0.0.11:80 -i -w 1 --tun-type gre --tun-nocsum",
          [web()],
          [tunnelled({ type: "gre", checksum: "nocsum" })],
        ),
        gives("-d -t 192.0.2.10:80 -r 10.0.0.11:80", [web()]),
        gives(
          "-a -t 192.0.2.10:80 -r [2001:db8::11]:80 -i -w 1",
          [web()],
          [server({ address: "[2001:db8::11]:80", forwarding: "tunnel", tunnel: { type: "ipip" } })],
        ),
      ],
    },
    {
      name: "only masquerading has a port of its own: other methods take the service's, whatever is given",
      steps: [
        gives("-A -t 192.0.2.10:80 -s wlc", [web()]),
        gives("-a -t 192.0.2.10:80 -r 10.0.0.11:8080 -g -w 1", [web()], [server()]),
        gives(
          "-a -t 192.0.2.10:80 -r 10.0.0.12:8080 -m -w 1",
          [web()],
          [server(), server({ address: "10.0.0.12:8080", forwarding: "masquerade" })],
        ),
      ],
    },
    {
      name: "a server needs its service",
      steps: ["-a", "-e", "-d"].map((operation) =>
        refuses(`${operation} -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1`.replace(/^(-d .*) -g -w 1$/, "$1"), [], [], {
          code: 255,
          stderr: "Service not defined",
          advice: "There is no such virtual service on the host.",
        }),
      ),
    },
    {
      name: "nothing is added twice, and what is missing is neither changed nor deleted",
      steps: [
        refuses("-E -t 192.0.2.10:80 -s rr", [], [], { code: 255, stderr: "No such service" }),
        refuses("-D -t 192.0.2.10:80", [], [], { code: 255, stderr: "No such service" }),
        gives("-A -t 192.0.2.10:80 -s wlc", [web()]),
        refuses("-A -t 192.0.2.10:80 -s rr", [web()], [], { code: 255, stderr: "Service already exists" }),
        refuses("-e -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1", [web()], [], {
          code: 255,
          stderr: "No such destination",
        }),
        refuses("-d -t 192.0.2.10:80 -r 10.0.0.11:80", [web()], [], { code: 255, stderr: "No such destination" }),
        gives("-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1", [web()], [server()]),
        refuses("-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 2", [web()], [server()], {
          code: 255,
          stderr: "Destination already exists",
        }),
      ],
    },
    {
      name: "a scheduler or a persistence engine without a module",
      steps: [
        refuses("-A -t 192.0.2.10:80 -s nope", [], [], noModule()),
        refuses("-A -t 192.0.2.10:80 -s wlc -p 300 --pe nope", [], [], noModule()),
        gives("-A -t 192.0.2.10:80 -s wlc", [web()]),
        refuses("-E -t 192.0.2.10:80 -s nope", [web()], [], noModule()),
      ],
    },
    {
      name: "a server that does not fit its service",
      steps: [
        gives("-A -t 192.0.2.10:80 -s wlc", [web()]),
        refuses("-a -t 192.0.2.10:80 -r [2001:db8::11]:80 -g -w 1", [web()], [], {
          code: 2,
          stderr: "Different address family is allowed only for tunneling servers",
        }),
        refuses("-a -t 192.0.2.10:80 -r 224.0.0.1:80 -g -w 1", [web()], [], {
          code: 255,
          stderr: "Invalid operation.  Possibly wrong module version, address not unicast, ...",
          advice: "The kernel refuses an address that is not unicast",
        }),
        refuses("-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1 -x 5 -y 10", [web()], [], {
          code: 255,
          stderr: "Numerical result out of range",
        }),
      ],
    },
    {
      name: "a service that ipvsadm itself refuses",
      steps: [
        refuses("-A -t 192.0.2.10:0 -s rr", [], [], {
          code: 2,
          stderr: "Zero port specified for non-persistent service",
        }),
        refuses("-A -t 192.0.2.10:80 -s rr -o", [], [], {
          code: 2,
          stderr: "One-Packet Scheduling is only for UDP virtual services",
        }),
        gives("-A -t 192.0.2.10:0 -s rr -p 300", [
          web({ address: "192.0.2.10:0", scheduler: "rr", persistenceTimeout: 300 }),
        ]),
      ],
    },
    {
      name: "a file is written as a whole, and goes when its text does",
      steps: [
        { step: edit(() => undefined), seen: { rules: undefined } },
        { step: edit(() => "one\n"), seen: { rules: "one\n" } },
        { step: edit((text) => `${text ?? ""}two`), seen: { rules: "one\ntwo" } },
        { step: edit(() => undefined), seen: { rules: undefined } },
      ],
    },
  ],
};

/** A rule that succeeds, and the table afterwards. */
function gives(
  rule: string,
  services: readonly Service[],
  servers: readonly Server[] = [],
): ContractStep<DirectorFacts> {
  return { step: { rule: rule.split(" ") }, seen: { table: tableOf(services, servers) } };
}

/** A rule that fails, and the table that it leaves. */
function refuses(
  rule: string,
  services: readonly Service[],
  servers: readonly Server[],
  fails: Failure,
): ContractStep<DirectorFacts> {
  return { ...gives(rule, services, servers), fails };
}

function tableOf(services: readonly Service[], servers: readonly Server[]): IpvsTable {
  const byService = new Map<string, Map<string, ServerSettings>>();
  for (const { service, address, ...settings } of servers)
    byService.set(service, (byService.get(service) ?? new Map<string, ServerSettings>()).set(address, settings));
  return {
    services: new Map(services.map((service) => [serviceKey(service), service])),
    servers: byService,
    active: new Map(servers.map(({ service, address }) => [`${service} -> ${address}`, 0])),
    unreadable: new Map(),
  };
}

function web(fields: Partial<Service> = {}): Service {
  return {
    protocol: "tcp",
    address: "192.0.2.10:80",
    scheduler: "wlc",
    schedulerFlags: [],
    onePacket: false,
    ...fields,
  };
}

function dns(): Service {
  return web({ protocol: "udp", address: "192.0.2.10:53", scheduler: "rr", onePacket: true });
}

function sctp(): Service {
  return web({ protocol: "sctp", address: "[2001:db8::5]:9" });
}

function mark(family: "ipv4" | "ipv6"): Service {
  const { address: _, ...service } = web({ protocol: "fwmark", fwmark: 7, family });
  return service;
}

function persistent(): Service {
  return { ...mark("ipv6"), persistenceTimeout: 300, netmask: "64" };
}

function server(fields: Partial<Server> = {}): Server {
  return {
    service: "tcp 192.0.2.10:80",
    address: "10.0.0.11:80",
    forwarding: "direct",
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    ...fields,
  };
}

function tunnelled(tunnel: Tunnel): Server {
  return server({ forwarding: "tunnel", tunnel });
}

function noModule(): Failure {
  return {
    code: 255,
    stderr: "Scheduler or persistence engine not found",
    advice: "The kernel of the host has no module for this scheduler",
  };
}

function edit(text: (text: string | undefined) => string | undefined): Step {
  return { file: debianRules.file, edit: text, summary: "by the contract" };
}
