import { differences } from "../../../tools/lab/host/snapshot.ts";
import { useLab } from "../../support/use-lab.ts";
import { Stack } from "../support/stack.ts";

const HOSTS = ["nfs", "web1", "web2"] as const;
const WEBS = ["web1", "web2"] as const;

const lab = useLab({ hosts: HOSTS });

test("shared-document-root: one directory on both web servers, repaired when somebody undid it, and gone without a trace", async () => {
  const before = await Promise.all(HOSTS.map((name) => lab.host(name).snapshot()));
  const page = (name: (typeof WEBS)[number]) =>
    lab.host(name).text("curl -s http://127.0.0.1:8080/; systemctl is-active nginx");
  const stack = await Stack.create(lab, { program: { example: "shared-document-root" } });
  try {
    await stack.up();
    await lab.host("nfs").sh("echo common > /common/index.html");
    expect(await Promise.all(WEBS.map(page))).toEqual(["common\nactive", "common\nactive"]);
    await stack.preview("--refresh", "--expect-no-changes");

    // Somebody turns the export around and unmounts it on one of them.
    await lab.host("nfs").sh("exportfs -i -o ro,no_subtree_check 192.168.2.0/24:/common");
    await lab.host("web2").sh("umount /srv/www; systemctl stop nginx; echo '# mine' >> /etc/nginx/conf.d/shared.conf");
    const seen = await stack.preview("--refresh", "--diff");
    expect(seen.text).toMatch(/^ +- # mine$/m);
    await stack.up("--refresh", "--run-program");
    expect(await lab.host("nfs").text("exportfs -v | tr -s ' \\n\\t' ' '")).toContain(
      "/common 192.168.2.0/24(sync,wdelay,hide,no_subtree_check,sec=sys,rw",
    );
    expect(await page("web2")).toBe("common\nactive");

    await lab.host("nfs").sh("rm /common/index.html");
  } finally {
    await stack.destroy();
    stack.remove();
  }
  const after = await Promise.all(HOSTS.map((name) => lab.host(name).snapshot()));
  // What systemd starts along with nfs-server runs until the next boot, as after a stop by hand.
  const along = /^\+ services: (?:fsidd|nfsdcld|rpcbind|rpc-statd|rpc-statd-notify)\.service$/;
  const left = before.flatMap((was, index) => differences(was, after[index] ?? was));
  expect(left.filter((line) => !along.test(line))).toEqual([]);
});
