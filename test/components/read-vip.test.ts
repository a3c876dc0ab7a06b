import fc from "fast-check";
import { readVip } from "../../provider/components/cluster/read-vip";

test.each([
  ["192.168.4.5", { ip: "192.168.4.5", family: "ipv4", word: "192.168.4.5" }],
  ["2001:DB8:0::5", { ip: "2001:db8::5", family: "ipv6", word: "2001-db8--5" }],
  ["::192.0.2.1", { ip: "::c000:201", family: "ipv6", word: "--c000-201" }],
  ["2001:db8:0:1:0:0:0:5", { ip: "2001:db8:0:1::5", family: "ipv6", word: "2001-db8-0-1--5" }],
])("%s has one spelling", (text, vip) => {
  expect(readVip(text)).toEqual(vip);
});

test("what it wrote it reads again as the same", () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const { ip } = readVip(text);
      expect(readVip(ip).ip).toBe(ip);
    }),
  );
});
