import { useLab } from "../../support/use-lab.ts";
import { DirectRouting, HOSTS, VIP } from "../direct-routing.ts";
import { endRun } from "../resource.ts";
import { testClients } from "./clients.ts";
import { testMarks, VIP2, VIP6 } from "./marks.ts";
import { testSchedulers } from "./schedulers.ts";

/** Where real connections go, on one cluster: a service of its own for each question, which remembers none of another. */
const lab = useLab({ hosts: HOSTS });
let cluster: DirectRouting;

beforeAll(async () => {
  cluster = await DirectRouting.start(lab, [VIP, VIP2, VIP6]);
});

afterEach(endRun);

describe("schedulers", () => testSchedulers(() => cluster));
describe("services of a mark", () => testMarks(() => cluster));
// These change for how long the director remembers what has ended, which schedulers count.
describe("clients", () => testClients(() => cluster));
