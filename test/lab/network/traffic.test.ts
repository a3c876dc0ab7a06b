import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { type Frame } from "../../../tools/lab/index.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabStack } from "../resource.ts";
import { IPV4, WAYS, type Way } from "./forwarding-methods.ts";

/** The way of packets in each mode and on each protocol: who is asked, who answers, and whom the server sees. */
const PORT = 5300;
const PROTOCOLS = ["tcp", "udp", "sctp"] as const;
const lab = useLab({ hosts: ["director1", "web1", "client"] });
let stack: LabStack;

beforeAll(async () => {
  await speakIpv6("add");
  lab.giveBack(() => speakIpv6("del"));
  await lab.host("web1").sh("modprobe sctp");
});

beforeEach(() => {
  stack = new LabStack();
});

afterEach(async () => {
  await lab.host("web1").sh("systemctl stop 'answers-*'");
  await stack.destroy();
  endRun();
});

async function speakIpv6(verb: "add" | "del"): Promise<void> {
  const nodad = verb === "add" ? "nodad" : "";
  for (const [host, number] of [[lab.host("director1"), 2] as const, [lab.host("web1"), 100] as const]) {
    await host.sh(`ip -6 addr ${verb} 2001:db8:2::${number}/64 dev eth1 ${nodad}
      ip -6 addr ${verb} 2001:db8:4::${number}/64 dev eth0 ${nodad}`);
  }
  await lab.client.sh(`ip -6 addr ${verb} 2001:db8:4::10/64 dev eth0 ${nodad}`);
}

test.each(Object.entries<Way>(WAYS))("%s", async (_, way) => {
  const { client } = lab;
  const [director, web] = [lab.host("director1").mac("eth0"), lab.host("web1").mac("eth0")];
  const { vip, client: seen } = way.ip;
  await bringUp(way, PROTOCOLS);
  const frames = await client.capture({ nic: "eth0", filter: `host ${vip}` }, async () => {
    for (const protocol of PROTOCOLS) expect(await ask(protocol, vip)).toBe(`web1 ${seen}`);
  });
  const isPacket = ({ text }: Frame) => PROTOCOLS.some((protocol) => text.toLowerCase().includes(`: ${protocol}`));
  const [asked, others] = split(frames, ({ from }) => from === client.mac("eth0"));
  const [answered, rest] = split(others, isPacket);
  // Asked who has the VIP, the director alone answers; so it gets all requests.
  const owners = rest.filter(({ text }) => / is-at |neighbor advertisement/.test(text));
  expect(new Set(owners.map(({ from }) => from))).toEqual(new Set([director]));
  expect(new Set(asked.filter(isPacket).map(({ to }) => to))).toEqual(new Set([director]));
  const answering = way.forwarding === "masquerade" ? director : web;
  expect(new Set(answered.map(({ from }) => from))).toEqual(new Set([answering]));
  for (const protocol of PROTOCOLS) {
    expect(answered.some(({ text }) => text.toLowerCase().includes(`: ${protocol}`))).toBe(true);
  }
});

test("NAT, packet by packet: nobody remembers the client when the answer comes, so it keeps the server's address", async () => {
  await bringUp(WAYS.NAT, ["udp"], { onePacket: true });
  const frames = await lab.client.capture({ nic: "eth0", filter: `udp port ${PORT}` }, async () => {
    expect(await ask("udp", IPV4.vip)).toBe("");
  });
  const answers = frames.filter(({ from }) => from !== lab.client.mac("eth0")).map(({ text }) => text.split(" ")[0]);
  expect(answers).toEqual([`${IPV4.back}.${PORT}`]);
});

function split(frames: readonly Frame[], test: (frame: Frame) => boolean): readonly [Frame[], Frame[]] {
  return [frames.filter(test), frames.filter((frame) => !test(frame))];
}

/** All that the way needs, in the safe order, and a server that says its name and whom it sees. */
async function bringUp(way: Way, protocols: readonly Protocol[], service: object = {}): Promise<void> {
  const { forwarding, ip, server, tunnel, onServer, onDirector = [] } = way;
  const [director, web] = [lab.host("director1"), lab.host("web1")];
  for (const [kind, args] of onDirector) await stack.up(kind, director, args);
  for (const [kind, args] of onServer) await stack.up(kind, web, args);
  const common = {
    address: `${url(ip.vip)}:${PORT}`,
    realServers: { [url(server)]: { forwarding, tunnel } },
    ...service,
  };
  const services = protocols.map((protocol) => ({ protocol, ...common }));
  await stack.upAll(virtualService, director, services);
  await stack.up(vipAlias, director, { role: "director", address: ip.vip, device: "eth0" });
  const units = protocols.map((protocol) => {
    const word = `${protocol.toUpperCase()}${version(ip.vip)}-${protocol === "udp" ? "RECVFROM" : "LISTEN"}:${PORT}`;
    const at = `bind=${url(forwarding === "masquerade" ? server : ip.vip)},fork,reuseaddr`;
    // A datagram is read before it is answered: else socat may find no reader of it, and gives no answer either.
    const answer = `${protocol === "udp" ? "read who; " : ""}echo $(hostname) $SOCAT_PEERADDR`;
    return `systemd-run --quiet --collect --unit answers-${protocol} socat ${word},${at} SYSTEM:'${answer}'`;
  });
  await web.sh(`${units.join("\n")}
    until [ $(ss -HnlutS sport = :${PORT} | wc -l) = ${protocols.length} ]; do sleep 0.05; done`);
  await lab.client.forgetNeighbour(ip.vip);
}

type Protocol = (typeof PROTOCOLS)[number];

/** What the server says, or nothing. Who only listens ends no SCTP connection too soon: there is no end of one half. */
function ask(protocol: Protocol, vip: string): Promise<string> {
  if (protocol === "udp")
    return lab.client.text(`exec 3<>/dev/udp/${vip}/${PORT}; echo who >&3; timeout 2 head -n 1 <&3 || true`);
  return lab.client.text(`socat -u -T 5 ${protocol.toUpperCase()}${version(vip)}:${url(vip)}:${PORT} -`);
}

const url = (ip: string): string => (ip.includes(":") ? `[${ip}]` : ip);
const version = (ip: string): 4 | 6 => (ip.includes(":") ? 6 : 4);
