import { installLabPackages } from "../../tools/toolchain/lab-packages.mjs";

const environment = process.env;

afterEach(() => {
  process.env = environment;
});

test("a plain user is told what is missing and the one command that installs it", async () => {
  process.env = { PATH: "" };
  jest.spyOn(process, "getuid").mockReturnValue(1000);
  await expect(installLabPackages()).rejects.toThrow(
    /^lab packages: missing: (?:.+)\. Install them: sudo apt-get install --yes --no-install-recommends /,
  );
});
