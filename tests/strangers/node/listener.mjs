// Every message on Kafka is an event that the CloudEvents SDK takes strictly and its schema under ajv's strict
// rules; the streams have no gaps; and the feeds over HTTP tell exactly the same.
import assert from "node:assert/strict";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Kafka as Binding } from "cloudevents";
import { Kafka, logLevel } from "kafkajs";

const given = (name) => process.env[name] ?? assert.fail(`${name} is not set`);
const authorized = { headers: { Authorization: `Bearer ${given("TOKEN_AUDITOR")}` } };
const ofStream = ["streamsequence", "streamprevious", "streamepoch"];

/** What an address answers. */
async function read(url, options) {
  const response = await fetch(url, options);
  assert.equal(response.status, 200, `${url}: ${response.status}`);
  return response.json();
}

/** All that the services tell over HTTP: event and topic by id. */
async function feeds() {
  const told = new Map();
  for (const name of ["SOURCING_URL", "PROCUREMENT_URL", "PERFORMANCE_URL"]) {
    let page;
    for (let after = 0; page === undefined || after < page.last_position; after = page.next_after) {
      page = await read(`${given(name)}/v1/events?limit=1000&after=${after}`, authorized);
      for (const { topic, event } of page.items) {
        told.set(event.id, { topic, event });
      }
      if (page.items.length === 0) {
        break;
      }
    }
  }
  return told;
}

const validators = new Map();
/** The validator of the schema that a message names, from where it says that the schema is. */
async function validator(url) {
  if (!validators.has(url)) {
    const schema = await read(url);
    assert.equal(schema.$id, url);
    const ajv = new Ajv({ strict: true, allErrors: true });
    addFormats(ajv);
    validators.set(url, ajv.compile(schema));
  }
  return validators.get(url);
}

const told = await feeds();
const kafka = new Kafka({ clientId: "stranger", brokers: [given("KAFKA")], logLevel: logLevel.ERROR });
const prefix = given("KAFKA_PREFIX");
const topics = [...new Set([...told.values()].map(({ topic }) => prefix + topic))].sort();
const consumer = kafka.consumer({ groupId: `stranger-node-${process.pid}`, rebalanceTimeout: 5000 });
await consumer.connect();
await consumer.subscribe({ topics, fromBeginning: true });
const streams = new Map();
const seen = new Set();
let last = Date.now();

/** Hold one message against everything that was promised of it. */
async function check(topic, { key, value, headers }) {
  const attributes = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.toString()]));
  const event = Binding.toEvent({ key: key.toString(), value: value.toString(), headers: attributes });
  assert.equal(event.validate(), true);
  const validate = await validator(event.dataschema);
  const data = JSON.parse(value.toString());
  assert.ok(validate(data), `${event.type} ${event.id}: ${JSON.stringify(validate.errors)}`);

  const stream = `${topic}/${key}`;
  const before = streams.get(stream);
  assert.equal(attributes.ce_subject, key.toString());
  assert.equal(Number(attributes.ce_streamsequence), (before?.sequence ?? 0) + 1, `a gap in ${stream}`);
  assert.equal(attributes.ce_streamprevious, before?.id, `the chain of ${stream}`);
  streams.set(stream, { sequence: Number(attributes.ce_streamsequence), id: event.id });

  const overHttp = told.get(event.id);
  if (overHttp !== undefined) {
    const shown = { datacontenttype: attributes["content-type"], data };
    for (const [name, text] of Object.entries(attributes)) {
      if (name.startsWith("ce_")) {
        shown[name.slice(3)] = text;
      }
    }
    const without = Object.fromEntries(Object.entries(overHttp.event).filter(([, one]) => one !== null));
    assert.deepEqual({ topic, event: shown }, { topic: prefix + overHttp.topic, event: without });
  }
  assert.ok(ofStream.every((name) => name === "streamprevious" || attributes[`ce_${name}`]));
  seen.add(event.id);
  last = Date.now();
}

let failure;
await consumer.run({
  eachMessage: async ({ topic, message }) => {
    try {
      await check(topic, message);
    } catch (error) {
      failure ??= error;
    }
  },
});
const all = () => [...told.keys()].every((id) => seen.has(id));
while (failure === undefined && !all() && Date.now() - last < 30_000) {
  await new Promise((resolve) => setTimeout(resolve, 100));
}
await consumer.disconnect();
if (failure !== undefined) {
  throw failure;
}
assert.ok(told.size > 0 && all(), `${[...told.keys()].filter((id) => !seen.has(id)).length} of ${told.size} never came`);
console.log(`${seen.size} messages, ${streams.size} streams, ${topics.length} topics, ${validators.size} schemas`);
