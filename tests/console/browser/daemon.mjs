// A real daemon of its own, and calls to it: JSON over HTTP as the console's, gRPC as an adapter's.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_MS = 30_000;

const CONFIG = `[server]
listen = "127.0.0.1:0"
[http]
listen = "127.0.0.1:0"
[storage]
database = "stockd.sqlite"
[facts]
look_back = "400d"
[reports]
time_zone = "Europe/Warsaw"
interval = "50ms"
[[source]]
id = "erp"
kind = "erp"
[[source]]
id = "pos"
kind = "pos"
[[source]]
id = "web"
kind = "web"
`;

export class Daemon {
  // `packages` is a folder that has node_modules.
  static async start(program, packages, proto) {
    const daemon = new Daemon();
    daemon.streams = [];
    daemon.folder = mkdtempSync(join(tmpdir(), "stockd-console-"));
    writeFileSync(join(daemon.folder, "stockd.toml"), CONFIG);
    daemon.process = spawn(program, ["--config", join(daemon.folder, "stockd.toml")], {
      cwd: daemon.folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const addresses = await daemon.addresses();
    daemon.url = `http://${addresses.http}`;
    daemon.require = createRequire(join(packages, "package.json"));
    daemon.grpcAddress = addresses.grpc;
    daemon.proto = proto;
    return daemon;
  }

  addresses() {
    return new Promise((resolve, reject) => {
      let output = "";
      const timer = setTimeout(() => reject(new Error("stockd did not start")), START_MS);
      this.process.once("exit", (code) => reject(new Error(`stockd ended with code ${code}`)));
      this.process.stdout.on("data", (bytes) => {
        output += bytes;
        const grpc = /^stockd listening on (.+)$/m.exec(output);
        const http = /^stockd HTTP on (.+)$/m.exec(output);
        if (grpc === null || http === null) return;
        clearTimeout(timer);
        resolve({ grpc: grpc[1].trim(), http: http[1].trim() });
      });
    });
  }

  async call(service, method, request) {
    const response = await fetch(`${this.url}/stockd.v1.${service}/${method}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method}: ${answer.message} ${JSON.stringify(request)}`);
    return answer;
  }

  // Tells facts as an adapter of the source does; `stay` keeps it connected until the end.
  tell(source, facts, { stay = false } = {}) {
    const grpc = this.require("@grpc/grpc-js");
    const { loadSync } = this.require("@grpc/proto-loader");
    const definition = loadSync("stockd/v1/adapter_service.proto", {
      includeDirs: [this.proto],
      keepCase: true,
      longs: String,
      enums: String,
      oneofs: true,
    });
    const { AdapterService } = grpc.loadPackageDefinition(definition).stockd.v1;
    const client = new AdapterService(this.grpcAddress, grpc.credentials.createInsecure());
    const pieces = [];
    for (let begin = 0; begin < facts.length; begin += 200)
      pieces.push(facts.slice(begin, begin + 200));
    return new Promise((resolve, reject) => {
      const stream = client.Connect();
      let batch = 0;
      const next = () => {
        if (batch === pieces.length && stay) return resolve();
        if (batch === pieces.length) return stream.end();
        batch += 1;
        stream.write({ facts: { batch, facts: pieces[batch - 1] } });
      };
      stream.on("data", (frame) => {
        if (frame.frame === "welcome" || frame.frame === "batch_ack") next();
      });
      stream.on("error", reject);
      stream.on("status", (status) => {
        client.close();
        if (status.code === 0) resolve();
      });
      if (stay) this.streams.push(stream);
      stream.write({ hello: { source, adapter: "console test" } });
    });
  }

  async stop() {
    for (const stream of this.streams) stream.end();
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    const code = await ended;
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }
}
