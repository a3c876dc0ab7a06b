import { isKernelValue, kernelNumbers } from "../../../provider/facts/sysctl/kernel-value";
import { matchesSetting } from "../../../provider/facts/sysctl/pattern";

test.each([
  ["1", [1]],
  ["\v1", [1]],
  ["-1 x", [-1]],
  ["010", [8]],
  ["0x1F", [31]],
  ["2147483647", [2147483647]],
  ["2147483648", undefined],
  ["08", undefined],
  ["0x", undefined],
  ["+1", undefined],
  ["1;", undefined],
  ["1\v", undefined],
  ['"1"', undefined],
  ["1\u00a0", undefined],
  ["", undefined],
  ["00000000000000000000001", undefined],
])("the kernel reads %j as %j", (text, numbers) => {
  expect(kernelNumbers(text, 1)).toEqual(numbers);
});

test("a value of two numbers is the same with other blanks, and is not set by one", () => {
  expect(isKernelValue("3 50", "3\t50")).toBe(true);
  expect(isKernelValue("3", "3\t50")).toBe(false);
  expect(isKernelValue("3 x", "3\t50")).toBe(false);
});

test.each([
  ["net/*/ip_forward", "net/ipv4/ip_forward", true],
  ["net/*", "net/ipv4/ip_forward", false],
  ["net/ipv4/ip_f?r*d", "net/ipv4/ip_forward", true],
  ["net/ipv4/conf/[a-e]*/tag", "net/ipv4/conf/eth0/tag", true],
  ["net/ipv4/conf/[^a-e]*/tag", "net/ipv4/conf/eth0/tag", false],
  ["net/ipv4/conf/[]e]th0/tag", "net/ipv4/conf/eth0/tag", true],
  ["net/ipv4/conf/[e/tag", "net/ipv4/conf/e/tag", false],
  ["net/ipv4/conf/[[:alpha:]]*/tag", "net/ipv4/conf/eth0/tag", undefined],
  ["net/ipv4/conf/{all,lo}/*", "net/ipv4/conf/lo/tag", undefined],
  ["net/ipv4/conf/{all,lo}/x*", "net/ipv4/conf/lo/tag", false],
])("whether the pattern %s is for %s: %s", (pattern, setting, expected) => {
  expect(matchesSetting(pattern, setting)).toBe(expected);
});
