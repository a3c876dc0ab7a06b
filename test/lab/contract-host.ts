import { parseFile, readFile, removeFile, writeFile } from "../../provider/file-step.ts";
import { shellText } from "../../provider/host/shell/script.ts";
import { type Command, type FileStep, quote, type Result, type Step } from "../../provider/step.ts";
import type { LabHost } from "../../tools/lab/host/host.ts";
import type { ContractHost } from "../fakes/contracts/contract.ts";

/** A host of the lab under contract. Steps run one by one, over the lab's own path and without a session. */
export class LabContractHost implements ContractHost {
  readonly #host: LabHost;

  constructor(host: LabHost) {
    this.#host = host;
  }

  async perform(step: Step): Promise<Result> {
    if ("file" in step) return this.#run(await this.#edit(step));
    return this.#run("rule" in step ? { run: ["ipvsadm", ...step.rule] } : step.command);
  }

  async read(command: Command): Promise<string> {
    const { code, stdout, stderr } = await this.#run(command);
    if (code !== 0) throw new Error(`a fact failed with exit code ${code}: ${stderr}`);
    return stdout.replaceAll(NEWER_SETTING, "");
  }

  async #edit({ file, edit, mode }: FileStep): Promise<Command> {
    const before = parseFile(await this.read(readFile(file)));
    const text = edit(before);
    if (text !== undefined) return writeFile(file, text, before, { ...(mode !== undefined && { mode }) });
    return before === undefined ? { run: ["true"] } : removeFile(file, before);
  }

  async #run(command: Command): Promise<Result> {
    const result = await this.#host.sh(`LC_ALL=C exec /bin/sh -c ${quote(shellText(command))}`, { check: false });
    const stderr = NEWER_WORDS.reduce((text, [newer, older]) => text.replaceAll(newer, older), result.stderr);
    return { ...result, stderr };
  }
}

/** The fakes are modelled after Linux 6.1. What later ones say in other words: */
const NEWER_WORDS = [
  [/Error: ipv[46]: [Aa]ddress already assigned\./g, "RTNETLINK answers: File exists"],
  [/Error: ipv[46]: [Aa]ddress not found\./g, "RTNETLINK answers: Cannot assign requested address"],
] as const;

/** Settings that 6.1 does not have. */
const NEWER_SETTING = /^.*\bvs[./](?:est_(?:cpulist|nice)|(?:conn|svc)_lfactor|conn_max)\b.*\n/gm;
