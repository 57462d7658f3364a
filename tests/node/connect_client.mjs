// A web shop and a tablet, with the official clients of the Connect protocol: stockd's HTTP port
// with connect-node and with connect-web (which uses fetch, as browsers do), JSON and binary.
//
// Usage: node connect_client.mjs BASE_URL, in a folder that has the generated contract in gen/.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import * as forNode from "@connectrpc/connect-node";
import * as forWeb from "@connectrpc/connect-web";
import { AdapterService } from "./gen/stockd/v1/adapter_service_pb.js";
import { AvailabilityService } from "./gen/stockd/v1/availability_service_pb.js";
import { CatalogueService } from "./gen/stockd/v1/catalogue_service_pb.js";
import { ReservationService } from "./gen/stockd/v1/reservation_service_pb.js";
import { BadRequestSchema, ErrorInfoSchema } from "./gen/google/rpc/error_details_pb.js";

const baseUrl = process.argv[2];
const PATIENCE_MS = 40000; // For the whole run.
setTimeout(() => { console.error("not done in time"); process.exit(1); }, PATIENCE_MS).unref();

function claim(holds, text) {
  if (!holds) throw new Error(`does not hold: ${text}`);
}

async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new Error("was not refused");
}

const transports = {
  "node json": () => forNode.createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false }),
  "node binary": () => forNode.createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  "node packed": () => forNode.createConnectTransport({
    baseUrl, httpVersion: "1.1", sendCompression: forNode.compressionGzip, compressMinBytes: 1 }),
  "node get": () => forNode.createConnectTransport({ baseUrl, httpVersion: "1.1", useHttpGet: true }),
  "web json": () => forWeb.createConnectTransport({ baseUrl }),
  "web binary": () => forWeb.createConnectTransport({ baseUrl, useBinaryFormat: true }),
  "web get": () => forWeb.createConnectTransport({ baseUrl, useHttpGet: true }),
};

async function unary(name, transport) {
  const catalogue = createClient(CatalogueService, transport);
  const availability = createClient(AvailabilityService, transport);
  const sku = `${name} żółć`;
  await catalogue.putItems({ items: [{ sku, name: "\u{1F375} cup" }] });
  await catalogue.putLocations({ locations: [{ code: "S01" }] });
  const answer = await availability.getAvailability({ sku, location: "S01" });
  claim(answer.availability.sku === sku && answer.availability.available === 0n, `${name}: unary`);
  const listed = await catalogue.listItems({ pageSize: 1000 });
  claim(listed.items.some((item) => item.name === "\u{1F375} cup"), `${name}: a list`);
}

async function errors(name, transport) {
  const reservations = createClient(ReservationService, transport);
  const sku = `${name} żółć`;
  const short = await refusal(reservations.createReservation({
    reservationId: `r-${name}`, lines: [{ position: { sku, location: "S01" }, quantity: 2n }] }));
  claim(short.code === Code.FailedPrecondition, `${name}: the code of a refusal`);
  const [info] = short.findDetails(ErrorInfoSchema);
  claim(info.reason === "INSUFFICIENT_STOCK" && info.domain === "stockd" &&
    info.metadata.requested === "2", `${name}: its details`);
  const invalid = await refusal(reservations.createReservation({ reservationId: "" }));
  claim(invalid.code === Code.InvalidArgument &&
    invalid.findDetails(BadRequestSchema)[0].fieldViolations[0].field === "reservation_id",
    `${name}: the field at fault`);
  const unknown = await refusal(reservations.getReservation({ reservationId: "nobody" }));
  claim(unknown.code === Code.NotFound, `${name}: not found`);
}

async function streams(name, transport) {
  const availability = createClient(AvailabilityService, transport);
  const stop = new AbortController();
  let messages = 0;
  const aborted = await refusal((async () => {
    for await (const message of availability.watchAvailability({}, { signal: stop.signal })) {
      ++messages;
      if (message.caughtUp) stop.abort();
    }
  })());
  claim(messages > 0 && aborted.code === Code.Canceled, `${name}: a stream that is left`);
  const late = await refusal((async () => {
    for await (const message of availability.watchAvailability({}, { timeoutMs: 300 })) void message;
  })());
  claim(late.code === Code.DeadlineExceeded, `${name}: a deadline, not ${Code[late.code]}`);
  const refused = await refusal((async () => {
    for await (const message of availability.watchAvailability({ skus: ["nobody"] })) void message;
  })());
  claim(refused.code === Code.NotFound &&
    refused.findDetails(ErrorInfoSchema)[0].reason === "SKU_UNKNOWN", `${name}: a refused stream`);
}

async function bothWays(name, transport) {
  const adapters = createClient(AdapterService, transport);
  const refused = await refusal((async () => {
    async function* hello() { yield { frame: { case: "hello", value: { source: "erp" } } }; }
    for await (const message of adapters.connect(hello())) void message;
  })());
  claim(refused.code === Code.Unimplemented, `${name}: both ways, not ${Code[refused.code]}`);
}

for (const [name, make] of Object.entries(transports)) {
  const transport = make();
  await unary(name, transport);
  await errors(name, transport);
  await streams(name, transport);
  if (name.startsWith("node")) await bothWays(name, transport);
  console.log(`${name}: unary, errors, streams`);
}
console.log(`connect clients: ${Object.keys(transports).length} transports`);
process.exit(0);
