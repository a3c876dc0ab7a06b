import { useLab } from "../../support/use-lab.ts";
import { compareWithHosts } from "./compare.ts";
import { ifcfgFiles } from "./formats/ifcfg.ts";
import { interfaces } from "./formats/interfaces.ts";
import { keyfile } from "./formats/keyfile.ts";
import { netplanFiles } from "./formats/netplan.ts";
import { networkdFiles } from "./formats/networkd.ts";

/** The programs of the lab's disk of network managers and our parsers read the same texts. Each format has a file in formats/. */

const lab = useLab({ hosts: ["networkd1"] });

compareWithHosts(lab, [ifcfgFiles, interfaces, keyfile, netplanFiles, networkdFiles]);
