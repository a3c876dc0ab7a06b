import { readAuto, setAutomatic, unsetAutomatic } from "../../provider/dialects/ipvs/debian-defaults";
import { parseRecords } from "../../provider/dialects/ipvs/original-loader";
import { persistRules, readRulesFile, unpersistRules } from "../../provider/dialects/ipvs/rules-file";
import { parseList } from "../../provider/facts/ipvs/listing";
import { NO_NAMES, splitNames } from "../../provider/facts/ipvs/names";
import { readWords } from "../../provider/facts/ipvs/popt";
import { readHostAndPort, readNumber } from "../../provider/facts/ipvs/restore-address";
import { readRestoreLine } from "../../provider/facts/ipvs/restore-line";
import { ruleTarget, splitRule } from "../../provider/facts/ipvs/rule-target";
import { parseRule } from "../../provider/facts/ipvs/saved-rule";
import { shellEnvironment } from "../../provider/facts/ipvs/shell-environment";
import { systemdEnvironment } from "../../provider/facts/ipvs/systemd-environment";
import { parseTable } from "../../provider/facts/ipvs/table";
import { parseTableLines } from "../../provider/facts/ipvs/table-lines";
import { unitLines } from "../../provider/facts/ipvs/unit-file";
import { parseIpvsState } from "../../provider/kinds/ipvs-settings/facts";
import { parseDaemons } from "../../provider/kinds/sync-daemon/facts";
import { parseServiceAddress, parseServiceKey } from "../../provider/model/ipvs/service-key";
import type { Parser } from "./parsers";

const owner = { service: "tcp 1.2.3.4:80", itself: true, servers: "all" } as const;

/** Of what ipvsadm and its loaders read and print. */
export const IPVS_PARSERS: Readonly<Record<string, Parser>> = {
  parseList: { read: parseList, around: ["…", "TCP  1.2.3.4:80 rr …", "TCP  1.2.3.4:80\n  -> 1.2.3.4:80 …"] },
  splitRule: { read: splitRule, around: ["…", "-A …"] },
  "splitRule, target": { read: ruleTarget, around: ["…", "-a -t 1.2.3.4:80 …"] },
  parseRule: { read: parseRule, around: ["…", "-A -t 1.2.3.4:80 …"] },
  parseTable: { read: parseTable, around: ["…", "-A -t 1.2.3.4:80 …\n"] },
  unitLines: {
    read: (text) => unitLines([{ path: "/x", lines: text.split("\n") }]),
    around: ["…", "[Service]\nExecStart=…", "[Service]\n…\nExecStart=x"],
  },
  readAuto: {
    read: (text) => [readAuto(text, shellEnvironment), readAuto(text, systemdEnvironment)],
    around: ["…", "AUTO=…", 'AUTO="…"', "A…B=x", "AUTO…=x"],
  },
  "readAuto, setAutomatic": {
    read: (text) => unsetAutomatic(setAutomatic(text, shellEnvironment)),
    around: ["…", "…\nAUTO=false\n"],
  },
  parseRecords: { read: parseRecords, around: ["…", "# before: …"] },
  readRulesFile: { read: readRulesFile, around: ["…", "# pulumi-lvs begin: x\n…\n# pulumi-lvs end\n"] },
  "readRulesFile, removal": {
    read: (text) => unpersistRules(text, owner),
    around: ["# pulumi-lvs begin: x\n…\n# pulumi-lvs end\n"],
  },
  "readRulesFile, edits": {
    read: (text) => persistRules(text, owner, ["-A -t 1.2.3.4:80"]),
    around: ["…", "# pulumi-lvs begin: x\n…\n# pulumi-lvs end\n"],
  },
  parseTableLines: {
    read: (text) => parseTableLines(text.split("\n")),
    around: [
      "…",
      "runs /etc/rc.local 3 …",
      "runs /etc/rc.local 3 ipvsadm…-C",
      "runs /x 3 ipvsadm -A … ipvsadm -R < /etc/…",
      "loads /x 3 …",
    ],
  },
  parseIpvsState: { read: parseIpvsState, around: ["…"] },
  parseDaemons: { read: parseDaemons, around: ["…"] },
  parseServiceKey: { read: parseServiceKey, around: ["…", "tcp …", "fwmark …"] },
  parseServiceAddress: { read: parseServiceAddress, around: ["…", "[…]:80"] },
  splitNames: { read: splitNames, around: ["name host a …", "name host a b\n…", "file\n…"] },
  readWords: { read: (text) => readWords(text.split(/\s+/)), around: ["…", "--…", "-A…", "-t=…"] },
  readRestoreLine: {
    read: (text) => readRestoreLine(text, NO_NAMES),
    around: ["…", "-a -t … -r 1.2.3.5:80", "-A -t 1.2.3.4:80 -b …", "-A -t 1.2.3.4:80 -s …", "-A -t 1.2.3.4:80 …"],
  },
  readHostAndPort: {
    read: (text) => readHostAndPort(text, "tcp", NO_NAMES),
    around: ["…", "[…]:80", "[::1]:…", "1.2.3.4:…", "::…"],
  },
  readNumber: { read: (text) => readNumber(text, 0, 9), around: ["…", "+…"] },
};
