import { sudoError, wantedPassword } from "../../../provider/host/ssh/sudo";

const NONCE = "0123456789abcdef";

test.each([
  ["sudo", `We trust you.\n${NONCE} %pat `, "pat"],
  ["sudo-rs", `[sudo: ${NONCE} %pat ] Password: `, "pat"],
  ["sudo, below a trace of our own command line", `+ sudo -S -p '${NONCE} %%%p ' --\n${NONCE} %pat `, "pat"],
])("%s asks for a password with our prompt at the end of stderr", (_who, stderr, user) => {
  expect(wantedPassword(stderr, NONCE)).toBe(user);
});

test.each([
  ["has words behind it", `${NONCE} %pat (again)`],
  ["has a line end behind it", `${NONCE} %pat \n`],
  ["was repeated by a program that says more", `log: "${NONCE} %pat "`],
  ["of sudo-rs has a line behind it", `[sudo: ${NONCE} %pat ] Password: \nsudo: timed out\n`],
  ["is not printed yet as a whole", `${NONCE} %pat`],
  ["is our own, on a command line", `+ sudo -S -p '${NONCE} %%%p `],
  ["has another nonce", "fedcba9876543210 %pat "],
])("a prompt that %s asks for nothing", (_why, stderr) => {
  expect(wantedPassword(stderr, NONCE)).toBeUndefined();
});

test("a sudo that fails in words that nobody has seen leaves its reader with something to do", () => {
  const connection = { host: "web1", name: "web1", user: "ops", sudo: true, deadline: 60 };
  const { reason, details, advice } = sudoError(
    connection,
    "the shell ended at once",
    "sudo: unable to run: Frobnicated",
  );
  expect([reason, ...details]).toEqual(["the shell ended at once (sudo as ops)", "sudo: unable to run: Frobnicated"]);
  expect(advice).toEqual([expect.stringContaining("sudo -l")]);
});
