// An adapter in another language, from the contract alone: connects to stockd, tells facts, one of
// them twice, takes levels, acknowledges them, and goes on where it was after a reconnect.
//
// Usage: node client.js HOST:PORT SOURCE PROTO_FOLDER
"use strict";

const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [address, source, protoFolder] = process.argv.slice(2);
const PATIENCE_MS = 20000; // For the whole run.
const LOCATION = "S01";

const definition = loader.loadSync(
  ["stockd/v1/adapter_service.proto", "stockd/v1/catalogue_service.proto"],
  { includeDirs: [protoFolder], keepCase: true, longs: String, enums: String, defaults: true,
    oneofs: true });
const { stockd: { v1 } } = grpc.loadPackageDefinition(definition);
const credentials = grpc.credentials.createInsecure();
const catalogue = new v1.CatalogueService(address, credentials);
const adapters = new v1.AdapterService(address, credentials);

function claim(holds, text) {
  if (!holds) throw new Error(`does not hold: ${text}`);
}

function call(client, method, request) {
  return new Promise((resolve, reject) => {
    client[method](request, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

function fact(eventId, sku, quantity) {
  return {
    event_id: eventId, kind: "FACT_KIND_RECEIPT", sku, location: LOCATION, quantity,
    occurred_at: { seconds: Math.floor(Date.now() / 1000), nanos: 0 },
  };
}

// One stream. Frames that come are kept until somebody asks for one of their kind.
class Session {
  constructor(levelCursor) {
    this.frames = [];
    this.waiting = [];
    this.status = null;
    this.batch = 0;
    this.stream = adapters.Connect();
    this.stream.on("data", (frame) => this.take(frame));
    this.stream.on("error", (error) => this.end(error));
    this.stream.on("end", () => this.end(null));
    this.stream.write({
      hello: { source, adapter: "node client 1.0", wants_levels: true, level_cursor: levelCursor },
    });
  }

  take(frame) {
    const index = this.waiting.findIndex(({ kind }) => kind === frame.frame);
    if (index < 0) this.frames.push(frame);
    else this.waiting.splice(index, 1)[0].resolve(frame[frame.frame]);
  }

  end(error) {
    this.status = error || new Error("the stream has ended");
    for (const { reject } of this.waiting.splice(0)) reject(this.status);
  }

  // The next frame of this kind.
  next(kind) {
    const index = this.frames.findIndex((frame) => frame.frame === kind);
    if (index >= 0) return Promise.resolve(this.frames.splice(index, 1)[0][kind]);
    if (this.status) return Promise.reject(this.status);
    return new Promise((resolve, reject) => this.waiting.push({ kind, resolve, reject }));
  }

  tell(facts) {
    this.batch += 1;
    this.stream.write({ facts: { batch: this.batch, facts } });
    return this.next("batch_ack");
  }

  // Takes levels until `isEnough` holds, acknowledging each update. All that came, by SKU.
  async takeLevels(isEnough) {
    const levels = new Map();
    for (;;) {
      const update = await this.next("level_update");
      for (const level of update.levels) levels.set(level.sku, level);
      this.stream.write({ level_ack: { cursor: update.cursor } });
      this.cursor = update.cursor;
      if (isEnough(levels, update)) return levels;
    }
  }

  close() {
    return new Promise((resolve) => {
      this.stream.on("status", resolve);
      this.stream.end();
    });
  }
}

async function main() {
  await call(catalogue, "PutItems", { items: [{ sku: "N-1" }, { sku: "N-2" }] });
  await call(catalogue, "PutLocations", { locations: [{ code: LOCATION }] });

  const first = new Session(0);
  const welcome = await first.next("welcome");
  claim(welcome.batch_size_max > 0 && welcome.batches_in_flight_max > 0, "the welcome has limits");
  first.stream.write({ health: { outbox_depth: 0 } });
  const facts = [fact("node/1", "N-1", 5), fact("node/2", "N-2", 7)];
  const applied = await first.tell(facts);
  claim(applied.applied === 2, "two facts are applied");
  const again = await first.tell([facts[0]]);
  claim(again.duplicates === 1 && again.applied === 0, "a fact that comes twice is recognised");
  const told = await first.takeLevels(
    (levels) => levels.get("N-1")?.on_hand === "5" && levels.get("N-2")?.on_hand === "7");
  const ended = await first.close();
  claim(ended.code === grpc.status.OK, "the daemon agrees to the end of the stream");

  const second = new Session(first.cursor);
  await second.next("welcome");
  claim((await second.tell([fact("node/3", "N-1", 1)])).applied === 1, "a third fact is applied");
  const resumed = await second.takeLevels((levels) => levels.get("N-1")?.on_hand === "6");
  claim(!resumed.has("N-2"), "after a reconnect only what has changed is told");
  await second.close();

  console.log(`node client: facts_applied=3 duplicates=1 levels=${told.size} ` +
    `resumed_levels=${resumed.size} cursor=${second.cursor}`);
}

const timer = setTimeout(() => {
  console.error(`node client: not done after ${PATIENCE_MS} ms`);
  process.exit(1);
}, PATIENCE_MS);
main().then(
  () => {
    clearTimeout(timer);
    catalogue.close();
    adapters.close();
  },
  (error) => {
    console.error(`node client: ${error.message}`);
    process.exit(1);
  });
