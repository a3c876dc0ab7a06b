import { declaredExports, parseExports } from "../../../provider/kinds/nfs-export/facts";

const lines = (text: string) => text.split("\n").map((one, index) => ({ number: index + 1, text: one }));

test("the table of exportfs from nfs-utils 2.6.2 is parsed", () => {
  const etab =
    "/srv/www\\040data\t*(ro,sync,wdelay,hide,nocrossmnt,insecure,no_root_squash,no_all_squash,no_subtree_check,secure_locks,acl,no_pnfs,anonuid=65534,anongid=65534,sec=sys,rw,secure,no_root_squash,no_all_squash,sec=krb5:krb5i,ro,insecure,no_root_squash,no_all_squash)\n" +
    "/common\t2001:db8::/64(ro,sync,wdelay,hide,nocrossmnt,secure,root_squash,no_all_squash,no_subtree_check,secure_locks,acl,no_pnfs,anonuid=65534,anongid=65534,sec=sys,ro,secure,root_squash,no_all_squash)\n";
  expect(parseExports(lines(etab)).map(({ path, client, options }) => [path, client, options.length])).toEqual([
    ["/srv/www data", "*", 24],
    ["/common", "2001:db8::/64", 19],
  ]);
});

test("everything that exports(5) allows is parsed, with the number of its first line", () => {
  const text = [
    "# a comment",
    '"/srv/my docs"  web1(rw) \\',
    "    *.example.org(ro,sync) # and another",
    "/common -ro,no_subtree_check web1 web2(rw) @trusted",
    "/open (ro)",
    "/caf\\303\\251\t10.0.0.0/8(rw)",
    "",
  ].join("\n");
  expect(declaredExports(new Map([["/etc/exports", lines(text)]]))).toEqual([
    { path: "/srv/my docs", client: "web1", options: ["rw"], line: 2, file: "/etc/exports" },
    { path: "/srv/my docs", client: "*.example.org", options: ["ro", "sync"], line: 2, file: "/etc/exports" },
    { path: "/common", client: "web1", options: ["ro", "no_subtree_check"], line: 4, file: "/etc/exports" },
    { path: "/common", client: "web2", options: ["ro", "no_subtree_check", "rw"], line: 4, file: "/etc/exports" },
    { path: "/common", client: "@trusted", options: ["ro", "no_subtree_check"], line: 4, file: "/etc/exports" },
    { path: "/open", client: "*", options: ["ro"], line: 5, file: "/etc/exports" },
    { path: "/café", client: "10.0.0.0/8", options: ["rw"], line: 6, file: "/etc/exports" },
  ]);
});
