import { oneOf } from "../fields";

/** What loads IPVS rules at boot: Debian's init script, or the ipvsadm.service of RHEL and its relatives. */
export type RulesLoaderName = "debian" | "rhel";

export const rulesLoader = oneOf("debian", "rhel").optional();
