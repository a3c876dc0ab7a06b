import { parseTunnels } from "../../../provider/kinds/tun-kernel-tuning/facts";

test("devices up and down, and ports of gue only", () => {
  const output =
    "device tunl0 0x81\ndevice gre0 0x80\nsystemd\nport 6080 gue\nport 5555 ipproto 4\nport 7000 gue peer 10.0.0.1\n";
  expect(parseTunnels(output)).toEqual({
    devices: new Map([
      ["tunl0", true],
      ["gre0", false],
    ]),
    ports: [6080, 7000],
    systemd: true,
  });
});

test("a host without tunnels", () => {
  expect(parseTunnels("")).toEqual({ devices: new Map(), ports: [], systemd: false });
});
