import { isSpellingOf } from "../../../provider/model/network/address";

test.each([
  { text: "2001:DB8::5", address: "2001:db8::5", same: true, why: "letters of either case" },
  { text: "2001:db8:0:0::5", address: "2001:db8::5", same: true, why: "zeros that are written" },
  { text: "::ffff:192.0.2.10", address: "192.0.2.10", same: true, why: "sshd on an IPv6 socket names IPv4 clients so" },
  { text: "::FFFF:c000:20a", address: "192.0.2.10", same: true, why: "the same without dots" },
  { text: "192.0.2.10", address: "192.0.2.11", same: false, why: "another address" },
  { text: "fe80::1%eth0", address: "fe80::1", same: false, why: "an address with a zone belongs to one link" },
  { text: "director1.example", address: "192.0.2.10", same: false, why: "a name is known to be an address later" },
])("$text is $address: $same ($why)", ({ text, address, same }) => {
  expect(isSpellingOf(text, address)).toBe(same);
});
