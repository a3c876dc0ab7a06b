import { loadsModule } from "../../../../provider/facts/files/modules-load.ts";
import { tar } from "../../../../tools/lab/boot/tar.ts";
import type { LabHost } from "../../../../tools/lab/host/host.ts";
import { fc, type Texts } from "../../../support/differential.ts";
import type { LabFormat } from "../compare.ts";

/** Files of modules-load.d: whether systemd-modules-load would load ip_vs. */
export const modulesLoad: LabFormat = {
  name: "modules-load.d",
  host: "nfs",
  texts: fc
    .array(
      fc.constantFrom(
        "ip_vs",
        "ip-vs",
        " ip_vs\t",
        "ip_vs\r",
        "#ip_vs",
        " # ip_vs",
        ";ip_vs",
        "ip_vs # early",
        "ip_vs\\",
        "ip_vs_rr",
        "",
        "\u00a0ip_vs",
        "IP_VS",
        "ip_vs ip_vs",
      ),
      { maxLength: 4 },
    )
    .chain((lines) => fc.constantFrom("", "\n", "\r\n").map((end): Texts => ({ conf: lines.join("\n") + end }))),
  ours: ({ conf }) => loadsModule(conf, "ip_vs"),
  read,
  refusedAtMost: 0,
};

/** One process reads the files of all texts. In each the module has a name of its own, which it complains about. */
async function read(host: LabHost, all: readonly Texts[]): Promise<readonly unknown[]> {
  const files = all.map(({ conf = "" }, index) => ({
    path: String(index),
    text: conf.replaceAll(/ip([_-])vs/g, `lvs$1${index}$1x`),
  }));
  const { stdout } = await host.sh(READ, { input: tar(files), timeout: 60_000 });
  const loaded = new Set(
    [...stdout.matchAll(/'(lvs[_-]\d+[_-]x)'/g)].map(([, name = ""]) => name.replaceAll("-", "_")),
  );
  return all.map((_, index) => loaded.has(`lvs_${index}_x`));
}

const READ = `rm -rf /run/lvs-modules; mkdir /run/lvs-modules && cd /run/lvs-modules && tar xf - || exit
SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console /lib/systemd/systemd-modules-load "$PWD"/* 2>&1
rm -rf /run/lvs-modules`;
