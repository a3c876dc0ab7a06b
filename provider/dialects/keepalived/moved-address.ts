/** An address that keepalived moves, and one that stays: what a program cannot have of one host at once. */
export function bothWaysUp(ip: string): {
  readonly things: readonly [string, string];
  readonly why: string;
} {
  return {
    things: [`an address of a VrrpInstance, ${ip}`, `a VipAlias, ${ip}`],
    why: "keepalived has it up on one host at a time, and a VipAlias on this one, whoever is master. Leave out one of the two",
  };
}
