import { prepareMachine } from "../../tools/toolchain/machine.mjs";

const environment = process.env;

/** A machine with nothing on it. */
beforeEach(() => {
  process.env = { PATH: "" };
});

afterEach(() => {
  process.env = environment;
});

test("the error for a plain user lists all that is missing, and the one command that installs it", async () => {
  jest.spyOn(process, "getuid").mockReturnValue(1000);
  await expect(prepareMachine(["node", "unit", "lab", "go"])).rejects.toThrow(
    /^machine: missing: binutils, .*golang-go, .*mount, npm, .*\. As root, run:\n {2}apt-get update && apt-get install --yes --no-install-recommends binutils .*golang-go .*mount npm [^,]*$/,
  );
});

test("each package once", async () => {
  jest.spyOn(process, "getuid").mockReturnValue(1000);
  const refused = await prepareMachine(["unit", "lab"]).catch((error: unknown) => String(error));
  expect(String(refused).match(/openssh-client/g)).toHaveLength(2);
});

test("without apt-get, the error for root lists what to find by other means", async () => {
  jest.spyOn(process, "getuid").mockReturnValue(0);
  await expect(prepareMachine(["unit"])).rejects.toThrow(
    /^machine: missing: openssh-client, socat, util-linux \(Debian's names\), and no apt-get to install them \(after /,
  );
});
