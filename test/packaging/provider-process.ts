import { providerText } from "../../provider/resources/host-resource";
import type { InstalledPackage } from "./installed-package";

/**
 * What Pulumi's own provider process says of the inputs of a kind, asked as the engine asks it. `config`: the stack's configuration.
 * It is the process of the SDK that is installed beside the package.
 */
export async function checkedByProcess(
  installed: InstalledPackage,
  kind: string,
  inputs: object,
  config: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const news = { ...inputs, __provider: providerText(kind) };
  const program = `
    const { spawn } = require("node:child_process");
    const sdk = require.resolve("@pulumi/pulumi/package.json").slice(0, -"package.json".length);
    const grpc = require(require.resolve("@grpc/grpc-js", { paths: [sdk] }));
    const { Struct } = require(require.resolve("google-protobuf/google/protobuf/struct_pb", { paths: [sdk] }));
    const { ConfigureRequest, CheckRequest } = require(sdk + "proto/provider_pb.js");
    const { ResourceProviderClient } = require(sdk + "proto/provider_grpc_pb.js");
    const struct = (value) => Struct.fromJavaScript(value);
    const server = spawn(process.execPath, [sdk + "cmd/dynamic-provider/index.js", "127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
    server.stdout.once("data", async (port) => {
      const client = new ResourceProviderClient("127.0.0.1:" + String(port).trim(), grpc.credentials.createInsecure());
      const ask = (method, request) => new Promise((resolve, reject) => client[method](request, (error, answer) => error ? reject(error) : resolve(answer)));
      try {
        const configure = new ConfigureRequest();
        configure.setArgs(struct(${JSON.stringify(config)}));
        await ask("configure", configure);
        const check = new CheckRequest();
        check.setOlds(struct({}));
        check.setNews(struct(${JSON.stringify(news)}));
        const answer = await ask("check", check);
        process.stdout.write(JSON.stringify(answer.getFailuresList().map((failure) => failure.getReason())));
      } finally {
        client.close();
        server.kill();
      }
    });`;
  return JSON.parse((await installed.run(program)).stdout) as readonly string[];
}
