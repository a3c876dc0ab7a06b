import { removeUnit } from "../../dialects/own-unit";
