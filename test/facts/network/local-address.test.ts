import { parseLocalAddress } from "../../../provider/facts/network/local-address";

test.each([
  ["the host's own", "local 192.168.4.5 dev lo src 192.168.4.5 uid 0 \\    cache <local> \n", true],
  [
    "an IPv6 address of the host's own",
    "local 2001:db8::5 dev lo table local src 2001:db8::5 metric 0 pref medium\n",
    true,
  ],
  ["somebody else's in a network of ours", "192.168.4.5 dev eth0 src 192.168.4.2 uid 0 \\    cache \n", false],
  ["behind a router", "192.0.2.5 via 192.168.4.1 dev eth0 src 192.168.4.2 uid 0 \\    cache \n", false],
  ["no way there", "unreachable\n", false],
])("%s", (_, output, taken) => {
  expect(parseLocalAddress(output)).toBe(taken);
});

test("no answer is not taken for a no", () => {
  expect(() => parseLocalAddress("\n")).toThrow("cannot read");
});
