import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { TracedLine } from "../../../provider/host/shell/trace.ts";
import type { LabHosts } from "../../../tools/lab/index.ts";
import { npmBin } from "../../../tools/toolchain/paths.mjs";
import { pulumiEnvironment } from "../../../tools/toolchain/pulumi-bin.mjs";
import { connectionOf } from "./connection.ts";
import { keyService, SECRETS_PROVIDER } from "./key-service.ts";
import { encryptionIn, newStack } from "./new-stack.ts";
import { type Install, layOut, linkPackages, linkWorkspace, type Program } from "./program.ts";

export interface Run {
  readonly code: number;
  /** Standard output and error, as a person sees them. */
  readonly text: string;
}

export interface StackOptions {
  readonly program: Program;
  /** The stack's name. @default "dev" */
  readonly name?: string;
  /** How the program finds its packages; linked one by one unless told. */
  readonly install?: Install;
  /** What `lvs:hosts` has beside the lab's own hosts. */
  readonly hosts?: Readonly<Record<string, unknown>>;
  /** Stack configuration beside `lvs:hosts`. */
  readonly config?: Record<string, unknown>;
  readonly environment?: Record<string, string>;
  /**
   * Pulumi's SDK is started whole, by Node itself, and beside all packages of the repository, as users have it. Unless told, what our resources need
   * not is loaded late, and a shell says where Pulumi's modules are.
   */
  readonly wholeSdk?: boolean;
  /**
   * The stack is made by the CLI, and its secrets are encrypted with a passphrase, as Pulumi does by itself. Unless told, or with the whole SDK,
   * a service has their key, and a stack may be a copy of one that was made before.
   */
  readonly passphrase?: boolean;
  /** Shows the CLI's output while it runs. */
  readonly show?: (text: string) => void;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** The CLI, at work. */
export interface Started {
  /** Undefined: it could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<Run>;
}

/** A resource in the state, as far as tests look at it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const LATE_MODULES = join(import.meta.dirname, "late-modules.cjs");
const NODE_FIRST = join(import.meta.dirname, "node-first");

interface StateFile {
  readonly checkpoint: {
    readonly latest: {
      readonly resources?: readonly Resource[];
      readonly pending_operations?: readonly { readonly type: string }[];
    };
  };
}

/** A stack of its own in a throw-away folder, driven by the real Pulumi CLI against the hosts of a lab. */
export class Stack {
  readonly folder = mkdtempSync(join(tmpdir(), "pulumi-lvs-stack-"));
  readonly program = join(this.folder, "program");
  /** Added to the environment of the CLI. */
  readonly environment: Record<string, string>;
  readonly #options: StackOptions;
  readonly #name: string;
  readonly #trace = join(this.folder, "trace");

  private constructor(options: StackOptions) {
    this.#options = options;
    this.#name = options.name ?? "dev";
    const late = options.wholeSdk === true ? {} : { NODE_OPTIONS: `--require "${LATE_MODULES}"` };
    this.environment = { PULUMI_LVS_TRACE: this.#trace, ...late, ...options.environment };
  }

  /** Without a lab, only `options.hosts` are known. */
  static async create(lab: LabHosts | undefined, options: StackOptions): Promise<Stack> {
    const stack = new Stack(options);
    layOut(options.program, stack.program);
    (options.install ?? (options.wholeSdk === true ? linkWorkspace : linkPackages))(stack.program);
    const ofLab = lab?.hosts.map((host) => [host.name, connectionOf(lab, host.name)] as const) ?? [];
    stack.configure({ "lvs:hosts": { ...Object.fromEntries(ofLab), ...options.hosts }, ...options.config });
    await stack.#init();
    return stack;
  }

  async #init(): Promise<void> {
    const { wholeSdk = false, passphrase = wholeSdk } = this.#options;
    if (!passphrase) Object.assign(this.environment, await keyService());
    const provider = passphrase ? [] : ["--secrets-provider", SECRETS_PROVIDER];
    const init = () => this.pulumi("stack", "init", this.#name, ...provider);
    const { PULUMI_LVS_NEW_STACK: kept } = process.env;
    const place = { backend: this.folder, program: this.program, name: this.#name };
    await (kept === undefined || passphrase ? init() : newStack(place, kept, init));
  }

  /** Replaces the stack's configuration. JSON is YAML. */
  configure(config: Record<string, unknown>): void {
    const file = join(this.program, `Pulumi.${this.#name}.yaml`);
    const encryption = existsSync(file) ? encryptionIn(readFileSync(file, "utf8")) : {};
    writeFileSync(file, JSON.stringify({ ...encryption, config }));
  }

  /** Replaces the program. */
  write(text: string): void {
    const { program } = this.#options;
    const file = ("file" in program ? program.file : undefined) ?? "index.ts";
    writeFileSync(join(this.program, file), text);
  }

  up = (...options: string[]) => this.pulumi("up", "--yes", "--skip-preview", ...options);
  preview = (...options: string[]) => this.pulumi("preview", ...options);
  refresh = (...options: string[]) => this.pulumi("refresh", "--yes", "--skip-preview", ...options);
  destroy = (...options: string[]) => this.pulumi("destroy", "--yes", "--skip-preview", ...options);

  /** The state, secrets encrypted. */
  async state(): Promise<string> {
    return (await this.pulumi("stack", "export")).text;
  }

  /** What Pulumi keeps of each resource, by name. Read from Pulumi's file, which takes no run of the CLI. */
  resources(): ReadonlyMap<string, Resource> {
    return new Map((this.#latest().resources ?? []).map((resource) => [nameIn(resource.urn), resource]));
  }

  /** How many creates were begun, and had not ended when the run did. */
  pendingCreates(): number {
    return (this.#latest().pending_operations ?? []).filter(({ type }) => type === "creating").length;
  }

  #latest(): StateFile["checkpoint"]["latest"] {
    const stacks = join(this.folder, ".pulumi", "stacks");
    const [project = ""] = readdirSync(stacks);
    const text = readFileSync(join(stacks, project, `${this.#name}.json`), "utf8");
    return (JSON.parse(text) as StateFile).checkpoint.latest;
  }

  /** What a preview would do, by the name of the resource. One that would stay as it is is not in it. */
  async planned(...options: string[]): Promise<ReadonlyMap<string, string>> {
    const { text } = await this.preview("--json", ...options);
    const { steps } = JSON.parse(text.slice(text.indexOf("{"))) as { steps: { op: string; urn: string }[] };
    return new Map(steps.map(({ op, urn }) => [nameIn(urn), op]));
  }

  /** What went over the network since this was last asked. */
  travels(): readonly TracedLine[] {
    if (!existsSync(this.#trace)) return [];
    const lines = readFileSync(this.#trace, "utf8").trim().split("\n");
    rmSync(this.#trace);
    return lines.map((line) => JSON.parse(line) as TracedLine);
  }

  /** Runs the CLI to its end; throws with its output when it fails. */
  async pulumi(...words: string[]): Promise<Run> {
    const run = await this.try(...words);
    if (run.code !== 0) throw new Error(`pulumi ${words.join(" ")} ended with ${run.code}\n${run.text}`);
    return run;
  }

  /** Runs the CLI to its end. */
  try(...words: string[]): Promise<Run> {
    return this.run(words);
  }

  /** Runs the CLI to its end, with more in its environment, or with something to read. */
  run(words: readonly string[], options?: RunOptions): Promise<Run> {
    return this.start(words, options).ended;
  }

  /** Starts the CLI. */
  start(words: readonly string[], { environment, input = "" }: RunOptions = {}): Started {
    const usual = pulumiEnvironment(this.folder);
    const first = this.#options.wholeSdk === true ? [] : [NODE_FIRST];
    const node = { PATH: [...first, usual["PATH"]].join(delimiter), PULUMI_LVS_NODE: join(npmBin, "node") };
    const env = { ...usual, ...node, ...this.environment, ...environment };
    const stack = words[1] === "init" ? [] : ["--stack", this.#name];
    const child = spawn("pulumi", [...words, ...stack, "--non-interactive", "--color", "never"], {
      cwd: this.program,
      env,
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.end(input);
    const ended = new Promise<Run>((resolve, reject) => {
      let text = "";
      const take = (chunk: Buffer) => {
        text += chunk.toString();
        this.#options.show?.(chunk.toString());
      };
      child.stdout.on("data", take);
      child.stderr.on("data", take);
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ code: code ?? -1, text });
      });
    });
    return { pid: child.pid, ended };
  }

  /** Forgets the stack. Does not touch a host. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function nameIn(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}
