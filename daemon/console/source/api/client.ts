// The daemon's services, as this page calls them.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { ErrorInfoSchema } from "contract/google/rpc/error_details_pb";
import { AdapterService } from "contract/stockd/v1/adapter_service_pb";
import { AvailabilityService } from "contract/stockd/v1/availability_service_pb";
import { CatalogueService } from "contract/stockd/v1/catalogue_service_pb";
import { ExperimentService } from "contract/stockd/v1/experiment_service_pb";
import { MappingService } from "contract/stockd/v1/mapping_service_pb";
import { OperationsService } from "contract/stockd/v1/operations_service_pb";
import { OrderService } from "contract/stockd/v1/order_service_pb";
import { ReconciliationService } from "contract/stockd/v1/reconciliation_service_pb";
import { ReportService } from "contract/stockd/v1/report_service_pb";

const CALL_MS = 20_000;
const PAUSE_MS = 500;

// A call that the daemon did not answer is sent once more, with the same request id: done twice is
// done once.
const askTwice: Interceptor = (next) => async (request) => {
  if (request.stream) return next(request);
  try {
    return await next(request);
  } catch (error) {
    if (ConnectError.from(error).code !== Code.Unavailable || request.signal.aborted) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return next(request);
  }
};

const transport: Transport = createConnectTransport({
  baseUrl: globalThis.location?.origin ?? "http://localhost",
  useBinaryFormat: true,
  defaultTimeoutMs: CALL_MS,
  interceptors: [askTwice],
});

export const adapters = createClient(AdapterService, transport);
export const availability = createClient(AvailabilityService, transport);
export const catalogue = createClient(CatalogueService, transport);
export const experiments = createClient(ExperimentService, transport);
export const mappings = createClient(MappingService, transport);
export const operations = createClient(OperationsService, transport);
export const orders = createClient(OrderService, transport);
export const reconciliations = createClient(ReconciliationService, transport);
export const reports = createClient(ReportService, transport);

// Why a call failed, as far as a page cares.
export interface Failure {
  readonly reason: string; // UPPER_SNAKE; what the daemon gave, else the code.
  readonly message: string; // In English, for who wants to know exactly.
  readonly facts: Readonly<Record<string, string>>;
}

export function failureOf(error: unknown): Failure {
  const failed = ConnectError.from(error);
  const info = failed.findDetails(ErrorInfoSchema)[0];
  return {
    reason: info?.reason ?? Code[failed.code].replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase(),
    message: failed.rawMessage,
    facts: info?.metadata ?? {},
  };
}

// Names a request, so that sending it again does nothing twice.
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `console-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
