import { fileKind } from "../../../provider/kinds/file/kind.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

/** File on a real host: nginx tests it and is told of it, an operator changes it, and what was there comes back byte for byte. */

const lab = useLab({ hosts: ["web1"] });
const web = () => lab.host("web1");
const PATH = "/etc/nginx/conf.d/health.conf";
const RECORDS = "/var/lib/pulumi-lvs";
const page = (status: number) => `server { listen 8080; location = /health { return ${status}; } }\n`;
const health = { path: PATH, content: page(200), validate: ["nginx", "-t"], reload: "nginx" };
const status = () => web().text("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/health || true");
/** All that may be touched, with bytes, modes, owners, and the times of files. */
const files = () =>
  web().text(
    `find /etc/nginx /srv ${RECORDS} ! -path ${RECORDS}/owners \\( -type d -printf '%m %u:%g %p\\n' -o -printf '%y %m %u:%g %T@ %p %l\\n' \\) \\
      -type f -exec sha256sum {} + 2>/dev/null | sort`,
  );

afterEach(() => endRun());

test("a file is taken over, tested, loaded, seen changed in each field, kept over a boot, and put back byte for byte", async () => {
  await web().sh(`systemctl start nginx
printf 'reset_timedout_connection on; # caf\\351\\n' >${PATH}; chown www-data:adm ${PATH}; chmod 640 ${PATH}; touch -d 2020-02-02 ${PATH}`);
  const before = await files();
  const file = new LabResource(fileKind, web());
  const made = await file.up(health);
  expect(made).toMatchObject({ mode: "0644", owner: "root", group: "root", loaded: true });
  expect(await status()).toBe("200");

  for (const byHand of ["echo '# mine' >>", "chown www-data:adm", "rm"]) {
    endRun();
    await web().sh(`${byHand} ${PATH}`);
    expect([byHand, await file.drift()]).toEqual([byHand, "some"]);
    expect(await file.repair()).toEqual(made);
    expect(await file.drift()).toBe("none");
  }

  await web().sh(`printf 'caf\\351\\n' >>${PATH}`);
  endRun();
  expect(await file.refresh()).toMatchObject({
    contentBase64: Buffer.from(`${page(200)}caf\xe9\n`, "latin1").toString("base64"),
  });
  await file.repair();

  const good = await files();
  await expect(file.up({ ...health, content: page(200).replace("listen", "lisen") })).rejects.toThrow(
    /nginx -t ended with exit code 1:[\s\S]*unknown directive "lisen" in \/etc\/nginx\/conf.d\/health.conf:1/,
  );
  expect(await files()).toBe(good);
  expect(await status()).toBe("200");

  // As a cut leaves it between the new file's place and the test: the last one is beside it.
  await web().sh(`cd ${RECORDS}/files; cp -p ${PATH} '%2Fetc%2Fnginx%2Fconf.d%2Fhealth.conf+last'; echo bad >${PATH}`);
  endRun();
  expect(await file.drift()).toBe("some");
  await expect(file.up({ ...health, content: "bad\n" })).rejects.toThrow(/nginx -t ended with exit code 1:/);
  expect(await files()).toBe(good);

  endRun();
  await web().reboot();
  expect(await status()).toBe("200");
  await file.up({ ...health, content: page(204) });
  expect(await file.drift()).toBe("none");
  expect(await status()).toBe("204");

  await file.destroy();
  expect(await status()).toBe("000");
  expect(await files()).toBe(before);
});

test("a file that was not there goes, with its folder; one that is tested before its place never gets there", async () => {
  const before = await files();
  const path = "/srv/new/deep/nginx.conf";
  const content = "events {}\nhttp { include /etc/nginx/mime.types; }\n";
  const file = new LabResource(fileKind, web());
  const tested = { path, mode: "0600", owner: "www-data", group: 33, validate: ["nginx", "-t", "-c", "{}"] };
  await expect(file.up({ ...tested, content: "evts {}\n" })).rejects.toThrow(
    /nginx -t -c \{\} ended with exit code 1:[\s\S]*unknown directive "evts" in \/srv\/new\/deep\/\.pulumi-lvs/,
  );
  expect(await web().text(`ls -A ${path} 2>/dev/null || true`)).toBe("");
  await file.up({ ...tested, content });
  expect(await web().text(`stat -c '%a %U %G' ${path}; cat ${path}`)).toBe(
    `600 www-data www-data\n${content}`.trimEnd(),
  );
  expect(await file.drift()).toBe("none");
  const bytes = Buffer.from([0, 255, 254, 10, 0, 10]).toString("base64");
  await file.up({ ...tested, validate: [], contentBase64: bytes });
  expect(await web().text(`base64 ${path}`)).toBe(bytes);
  expect(await file.drift()).toBe("none");
  // Another comes into the folder with the same script that takes this one away: the folder stays, and goes with the other.
  const other = new LabResource(fileKind, web());
  await Promise.all([file.destroy(), other.up({ path: "/srv/new/deep/other", content: "x" })]);
  expect(await web().text("ls -A /srv/new/deep")).toBe("other");
  await other.destroy();
  expect(await files()).toBe(before);
  // Folders in a folder of ours go with the last one, in whatever order, and at once.
  const all = ["/srv/new/x", "/srv/new/a/y", "/srv/new/b/c/z"].map(
    (at) => [at, new LabResource(fileKind, web())] as const,
  );
  const make = async () => {
    for (const [at, one] of all) await one.up({ path: at, content: "x" });
  };
  await make();
  for (const [, one] of all) await one.destroy();
  expect(await files()).toBe(before);
  await make();
  await Promise.all(all.map(([, one]) => one.destroy()));
  expect(await files()).toBe(before);
});

test("a reload that was cut, or failed, is made up for by the next run", async () => {
  await web().sh("systemctl start nginx; echo 'bad' >/etc/nginx/conf.d/other.conf");
  const file = new LabResource(fileKind, web());
  const { validate: _, ...untested } = health;
  await expect(file.up(untested)).rejects.toThrow(
    /systemctl reload[\s\S]*unknown directive "bad"|unexpected end of file/,
  );
  expect(await status()).toBe("000");
  endRun();
  await web().sh("rm /etc/nginx/conf.d/other.conf");
  expect(await file.drift()).toBe("some");
  await file.repair();
  expect(await status()).toBe("200");
  await expect(file.up({ ...untested, content: page(204), reload: "ssh-keygen" })).rejects.toThrow(
    "this host has no unit ssh-keygen.service",
  );
  await web().sh("systemctl stop nginx");
  await file.up({ ...untested, content: page(204) });
  expect(await web().text("systemctl is-active nginx || true")).toBe("inactive");
  await file.destroy();
  await web().sh("systemctl start nginx");
});

test("systemd is told of a part of a unit that comes, and of its going", async () => {
  const shown = () => web().text("systemctl show -p LimitNOFILE -p NeedDaemonReload nginx");
  const before = await shown();
  const file = new LabResource(fileKind, web());
  await file.up({ path: "/etc/systemd/system/nginx.service.d/a.conf", content: "[Service]\nLimitNOFILE=4321\n" });
  expect(await shown()).toBe("LimitNOFILE=4321\nNeedDaemonReload=no");
  expect(await file.drift()).toBe("none");
  await file.destroy();
  expect([await shown(), before]).toEqual([before, expect.stringMatching(/NeedDaemonReload=no/)]);
});

test("links, folders, hard links, mounted files and unknown users are errors with the reason; nothing is left behind", async () => {
  await web().sh(
    `
mkdir -p /srv/kinds/folder; cd /srv/kinds; echo a >a; ln -s a link; ln a b; echo c >c; ln -s folder other; mkfifo pipe; touch many; mount --bind c c`,
  );
  const before = await files();
  const refused = async (path: string, args: object = {}) => {
    endRun();
    const file = new LabResource(fileKind, web());
    const error = await file.up({ path: `/srv/kinds/${path}`, content: "new\n", ...args }).then(() => "none", String);
    if (file.exists) await file.destroy();
    expect(await files()).toBe(before);
    return error;
  };
  expect(await refused("link")).toContain(
    "/srv/kinds/link is a symbolic link to /srv/kinds/a: declare that file, or remove the link",
  );
  expect(await refused("folder")).toContain("/srv/kinds/folder is no file but a directory");
  expect(await refused("pipe")).toContain("/srv/kinds/pipe is no file but a fifo");
  expect(await refused("a")).toContain("/srv/kinds/a has 2 names (hard links)");
  expect(await refused("other/x")).toContain("leads through a symbolic link: write /srv/kinds/folder");
  expect(await refused("none/x", { createPath: false })).toContain("/srv/kinds/none does not exist on this host");
  expect(await refused("many", { owner: "nosuch" })).toContain("The host has no such user or group");
  expect(await refused("many", { validate: ["nosuch", "{}"] })).toContain("The host has no such program");
  expect(await refused("c")).toContain("Is something mounted on the file itself, as in containers?");
  await web().sh("umount /srv/kinds/c; rm -r /srv/kinds");
});

test("a secret is in no list of processes, no error and no answer", async () => {
  const SECRET = "hunter2 is a bad password";
  const file = new LabResource(fileKind, web());
  const look = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ >/run/seen 2>/dev/null; cat $0; exit ${CODE:-0}";
  const args = { path: "/srv/secret", content: `${SECRET}\n`, secret: true, mode: "0600" };
  await file.up({ ...args, validate: ["sh", "-c", look, "{}"] });
  expect(await web().text(`cat /srv/secret; grep -c '${SECRET.slice(0, 9)}' /run/seen || true`)).toBe(`${SECRET}\n0`);
  const error = await file
    .up({ ...args, content: `${SECRET}!\n`, validate: ["sh", "-c", look.replace("0}", "3}"), "{}"] })
    .then(() => "none", String);
  expect(error).toContain(
    "ended with exit code 3:\n  (what it says is not shown, as the content of the file is a secret)",
  );
  expect(error).not.toContain("hunter2");
  await file.destroy();
  await web().sh("rm /run/seen");
});
