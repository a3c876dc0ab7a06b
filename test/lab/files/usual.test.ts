import { useLab } from "../../support/use-lab.ts";
import { compareWithHosts } from "./compare.ts";
import { shellDefaults, systemdDefaults } from "./formats/environment.ts";
import { exportsFormat, nfsConf } from "./formats/exports.ts";
import { fstabAtBootFormat, fstabFormat } from "./formats/fstab.ts";
import { modulesLoad } from "./formats/modules-load.ts";
import { rules } from "./formats/rules.ts";
import { sysctl } from "./formats/sysctl.ts";

/** The programs of the lab's usual disk and our parsers read the same texts. Each format has a file in formats/. */

const lab = useLab({ hosts: ["nfs"] });

compareWithHosts(lab, [
  exportsFormat,
  nfsConf,
  fstabFormat,
  fstabAtBootFormat,
  rules,
  shellDefaults,
  systemdDefaults,
  modulesLoad,
  sysctl,
]);
