// Every schema compiles under ajv's strict rules and takes its example; and the CloudEvents SDK takes every
// event that is given as lines of JSON on standard input.
import fs from "node:fs";
import path from "node:path";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { CloudEvent } from "cloudevents";

const [folder, events] = process.argv.slice(2);
const read = (...parts) => JSON.parse(fs.readFileSync(path.join(folder, ...parts), "utf8"));
let faults = 0;
const validators = new Map();
for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  const ajv = new Ajv({ strict: true, allErrors: true });
  addFormats(ajv);
  try {
    const validate = ajv.compile(read(file));
    validators.set(path.basename(file, ".json"), validate);
    if (!validate(read("examples", file))) {
      throw new Error(ajv.errorsText(validate.errors));
    }
  } catch (error) {
    faults += 1;
    console.error(`${file}: ${error.message}`);
  }
}
let taken = 0;
for (const line of events ? fs.readFileSync(events, "utf8").split("\n").filter(Boolean) : []) {
  const event = new CloudEvent(JSON.parse(line), true);
  const validate = validators.get(event.type);
  if (!validate || !validate(event.data)) {
    faults += 1;
    console.error(`${event.type} ${event.id}: ${validate ? JSON.stringify(validate.errors) : "no schema"}`);
  }
  taken += 1;
}
console.log(`${validators.size} schemas compiled, ${taken} events taken`);
process.exit(faults ? 1 : 0);
