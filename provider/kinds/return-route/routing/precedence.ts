import { isSameSubnet } from "../../../model/network/subnet";
import type { PolicyRule, Route, Routing } from "../facts";
import { MAIN_TABLE } from "./ip-commands";

/** What the kernel asks before our route, so that replies never come to it. */
export interface Precedence {
  /** As the kernel prints it. */
  readonly text: string;
  /** The arguments of ip(8) that remove it. */
  readonly removal: string;
  /** Of a rule, not of a route in our own table. */
  readonly priority?: number;
}

/** What of a return route says where the kernel asks it. */
export interface RulePosition {
  readonly mode: "policy" | "default";
  readonly address?: string | undefined;
  readonly table?: number | undefined;
  readonly priority?: number | undefined;
}

/**
 * The rule, or the more specific routes, that take all replies before ours does. Only what surely does: a rule that matches on
 * something else too (a mark, a destination), or whose table sends only some networks, leaves the rest to ours.
 * `oldTables`: those of earlier runs, whose rules the change removes.
 */
export function precedenceOver(
  position: RulePosition,
  routing: Routing,
  oldTables: readonly number[] = [],
): Precedence | undefined {
  const { address, priority = Number.POSITIVE_INFINITY } = position;
  const table = position.table ?? MAIN_TABLE;
  const source = position.mode === "policy" ? address : "all";
  const isOurs = (rule: PolicyRule) =>
    rule.from === source && rule.table !== undefined && [table, ...oldTables].includes(rule.table);
  const isAtPosition = (rule: PolicyRule) => position.priority === undefined || rule.priority === priority;
  const own = routing.rules.findIndex((rule) => isOurs(rule) && rule.table === table && isAtPosition(rule));
  const rule = routing.rules.find((one, index) => {
    // The kernel asks rules of one priority in the order of their making: ours, if it is yet to be made, comes last.
    const isBefore = own === -1 ? one.priority <= priority : index < own;
    return isBefore && !isOurs(one) && matches(one, address) && takesAll(one, routing);
  });
  if (rule !== undefined) {
    return { text: rule.text, removal: `rule del priority ${rule.priority} ${rule.text}`, priority: rule.priority };
  }
  // In a table of ours, a route without a gateway is one that the change removes.
  const [half] = halvesOf(table, routing).filter(({ via }) => position.mode === "default" || via !== undefined);
  const words = half?.words.join(" ");
  return words === undefined ? undefined : { text: words, removal: `route del ${words} table ${table}` };
}

function matches({ from }: PolicyRule, address: string | undefined): boolean {
  if (from === undefined) return false;
  if (from === "all" || from === address) return true;
  const [network = "", prefix] = from.split("/");
  return (
    address !== undefined &&
    prefix !== undefined &&
    network.includes(":") === address.includes(":") &&
    isSameSubnet(address, network, Number(prefix))
  );
}

function takesAll({ table, text }: PolicyRule, routing: Routing): boolean {
  if (table === undefined) return / (?:blackhole|unreachable|prohibit)(?: proto \S+)?$/.test(text);
  const hasDefault = ofTable(table, routing).some(({ to, dead }) => to === "default" && dead !== true);
  return hasDefault || halvesOf(table, routing).length > 0;
}

/** `0.0.0.0/1` and `128.0.0.0/1`, as VPN clients put them before a default route. */
function halvesOf(table: number, routing: Routing): readonly Route[] {
  const routes = ofTable(table, routing).filter(({ dead }) => dead !== true);
  const find = (to: string) => routes.find((route) => route.to === to);
  return HALVES.map((halves) => halves.map(find).filter((route) => route !== undefined)).find(isPair) ?? [];
}

const HALVES = [
  ["0.0.0.0/1", "128.0.0.0/1"],
  ["::/1", "8000::/1"],
] as const;

function isPair({ length }: readonly Route[]): boolean {
  return length === 2;
}

/** Its routes that end a look-up. After one of type `throw`, the kernel asks the next rule. */
function ofTable(table: number, { routes }: Routing): readonly Route[] {
  return routes.filter((route) => route.table === table && route.type !== "throw");
}
