// The lifecycle, with openapi-fetch on types that openapi-typescript made: every answer is asserted.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths as Procurement } from "./types/procurement.js";
import type { paths as Sourcing } from "./types/sourcing.js";
import type { paths as Performance } from "./types/supplier-performance.js";

const given = (name: string): string => process.env[name] ?? assert.fail(`${name} is not set`);
const name = given("CLIENT");
const sourcing = createClient<Sourcing>({ baseUrl: given("SOURCING_URL") });
const procurement = createClient<Procurement>({ baseUrl: given("PROCUREMENT_URL") });
const performance = createClient<Performance>({ baseUrl: given("PERFORMANCE_URL") });
const as = (person: string) => ({ headers: { Authorization: `Bearer ${given(`TOKEN_${person}`)}` } });
let answers = 0;

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What was answered, once its status is what it should be. */
function answered<T>(status: number, { data, error, response }: Answer<T>): { body: T; etag: string } {
  assert.equal(response.status, status, `${response.url}: ${JSON.stringify(error)}`);
  answers += 1;
  return { body: data ?? assert.fail(`${response.url}: no body`), etag: response.headers.get("etag") ?? "" };
}

/** A refusal's code, once its status is what it should be. */
function refused(status: number, { error, response }: { error?: { code: string }; response: Response }): string {
  assert.equal(response.status, status, `${response.url}: ${JSON.stringify(error)}`);
  answers += 1;
  return error?.code ?? assert.fail(`${response.url}: no problem`);
}

/** What comes of it in another service, which hears of it in its time. */
async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await look();
    if (found !== undefined) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail(`${what}: never seen`);
}

const today = new Date().toISOString().slice(0, 10);
const later = `${Number(today.slice(0, 4)) + 1}-12-31`;

const site = answered(
  201,
  await procurement.PUT("/v1/sites/{code}", {
    ...as("ADMIN"),
    params: { path: { code: name } },
    body: { name: `Yard of ${name}`, country: "IS", time_zone: "Atlantic/Reykjavik" },
  }),
);
assert.equal(site.body.code, name);

const supplier = answered(
  201,
  await sourcing.POST("/v1/suppliers", {
    ...as("BUYER"),
    body: { legal_name: `Fasteners for ${name}`, country: "NO", categories: ["fasteners"] },
  }),
);
const supplierId = supplier.body.id;
const ofSupplier = (etag: string) => ({ path: { supplier_id: supplierId }, header: { "If-Match": etag } });
const submitted = answered(
  200,
  await sourcing.POST("/v1/suppliers/{supplier_id}:submit", { ...as("BUYER"), params: ofSupplier(supplier.etag) }),
);
const approval = { categories: ["fasteners"], expires_on: later };
const stale = await sourcing.POST("/v1/suppliers/{supplier_id}:approve", {
  ...as("MANAGER"),
  params: ofSupplier(supplier.etag),
  body: approval,
});
assert.equal(refused(412, stale), "changed_meanwhile");
const own = await sourcing.POST("/v1/suppliers/{supplier_id}:approve", {
  ...as("BUYER_AND_MANAGER"),
  params: ofSupplier(submitted.etag),
  body: approval,
});
assert.equal(refused(403, own), "segregation_of_duties");
const approved = answered(
  200,
  await sourcing.POST("/v1/suppliers/{supplier_id}:approve", {
    ...as("MANAGER"),
    params: ofSupplier(submitted.etag),
    body: approval,
  }),
);
assert.equal(approved.body.status, "approved");

await until("procurement knows the supplier", async () => {
  const known = await procurement.GET("/v1/suppliers/{supplier_id}", {
    ...as("BUYER"),
    params: { path: { supplier_id: supplierId } },
  });
  return known.data?.status === "approved" ? known : undefined;
});

const draft = {
  ...as("ORDERER"),
  params: { header: { "Idempotency-Key": `order of ${name}` } },
  body: {
    supplier_id: supplierId,
    currency: "EUR",
    site: name,
    business_unit: "PUMPS",
    cost_centre: "4100",
    ordered_on: today,
    lines: ["FST-7008", "FST-7012", "FST-7108"].map((item) => ({
      item,
      description: `Fastener ${item}`,
      category: "fasteners",
      quantity: "5000",
      unit: "C62",
      price: "0.189",
      promised_on: today,
    })),
  },
};
const order = answered(201, await procurement.POST("/v1/purchase-orders", draft));
assert.deepEqual(order.body.total, { amount: "2835.00", currency: "EUR" });
const orderId = order.body.id;
const again = answered(201, await procurement.POST("/v1/purchase-orders", draft));
assert.equal(again.body.id, orderId);

const ofOrder = (etag: string) => ({ path: { order_id: orderId }, header: { "If-Match": etag } });
const handedIn = answered(
  200,
  await procurement.POST("/v1/purchase-orders/{order_id}:submit", { ...as("ORDERER"), params: ofOrder(order.etag) }),
);
const agreed = answered(
  200,
  await procurement.POST("/v1/purchase-orders/{order_id}:approve", {
    ...as("APPROVER"),
    params: ofOrder(handedIn.etag),
  }),
);
const issued = answered(
  200,
  await procurement.POST("/v1/purchase-orders/{order_id}:issue", { ...as("ORDERER"), params: ofOrder(agreed.etag) }),
);
assert.equal(issued.body.status, "issued");
const acknowledged = answered(
  200,
  await procurement.POST("/v1/purchase-orders/{order_id}:acknowledge", {
    ...as("ORDERER"),
    params: ofOrder(issued.etag),
    body: { supplier_reference: `SO of ${name}` },
  }),
);
assert.equal(acknowledged.body.supplier_reference, `SO of ${name}`);
const received = [1, 2, 3].map((line) => ({ line_number: line, quantity: "5000" }));
const receipt = answered(
  201,
  await procurement.POST("/v1/purchase-orders/{order_id}/receipts", {
    ...as("RECEIVER"),
    params: { path: { order_id: orderId } },
    body: { received_on: today, despatch_reference: `LS of ${name}`, lines: received },
  }),
);
assert.equal(receipt.body.order_status, "closed");

const orders = answered(
  200,
  await procurement.GET("/v1/purchase-orders", { ...as("BUYER"), params: { query: { supplier_id: [supplierId] } } }),
);
assert.deepEqual(
  orders.body.items.map((each) => each.status),
  ["closed"],
);
const score = await until("the score", async () => {
  const looked = await performance.GET("/v1/suppliers/{supplier_id}/score", {
    ...as("BUYER"),
    params: { path: { supplier_id: supplierId } },
  });
  return looked.data?.score == null ? undefined : answered(200, looked);
});
assert.equal(score.body.grade, "A");
const events = answered(200, await procurement.GET("/v1/events", { ...as("AUDITOR"), params: { query: { limit: 1000 } } }));
const ofThisOrder = events.body.items.filter(({ event }) => event.subject === orderId);
assert.equal(ofThisOrder[0]?.event.type, "purveyor.procurement.POIssued.v1");
assert.deepEqual(
  ofThisOrder.map(({ event }) => "streamsequence" in event && event.streamsequence),
  ofThisOrder.map((_, index) => `${index + 1}`),
);
console.log(`${answers} answers, score ${score.body.score}`);
