import { parseTunnels } from "../../../provider/kinds/tun-kernel-tuning/facts";

test("devices up and down, and ports for gue alone", () => {
  const said =
    "device tunl0 0x81\ndevice gre0 0x80\nsystemd\nport 6080 gue\nport 5555 ipproto 4\nport 7000 gue peer 10.0.0.1\n";
  expect(parseTunnels(said)).toEqual({
    devices: new Map([
      ["tunl0", true],
      ["gre0", false],
    ]),
    ports: [6080, 7000],
    systemd: true,
  });
});

test("a host that has nothing of it", () => {
  expect(parseTunnels("")).toEqual({ devices: new Map(), ports: [], systemd: false });
});
