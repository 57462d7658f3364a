#include "adapters/tryton/document_writer.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <utility>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/log.h"
#include "adapters/tryton/exact_number.h"
#include "adapters/tryton/json_rpc.h"
#include "adapters/tryton/row.h"

namespace stockd::tryton {
namespace {

constexpr std::string_view kOut = "stock.shipment.out";
constexpr std::string_view kReturn = "stock.shipment.out.return";
constexpr std::string_view kIn = "stock.shipment.in";
constexpr std::string_view kInternal = "stock.shipment.internal";

// From each state the button towards the end.
struct Step {
  std::string_view model;
  std::string_view state;
  std::string_view button;
};
constexpr Step kSteps[] = {
    {kOut, "draft", "wait"},         {kOut, "waiting", "pick"},
    {kOut, "assigned", "pick"},      {kOut, "picked", "pack"},
    {kOut, "packed", "done"},        {kReturn, "draft", "receive"},
    {kReturn, "received", "done"},   {kIn, "draft", "receive"},
    {kIn, "received", "done"},       {kInternal, "request", "draft"},
    {kInternal, "draft", "wait"},    {kInternal, "waiting", "assign_force"},
    {kInternal, "assigned", "done"}, {kInternal, "shipped", "done"},
};
constexpr int kStepsMax = 8;

std::string_view ButtonFor(std::string_view model, std::string_view state) {
  for (const Step& step : kSteps) {
    if (step.model == model && step.state == state) return step.button;
  }
  return {};
}

// A draft in the making: what the kinds of documents differ in.
struct Form {
  std::string_view model;
  std::string_view moves;  // The field that holds them.
  int64_t from = 0;
  int64_t to = 0;
  bool has_price = false;
};

Form FormOf(BookingKind kind, const Warehouse& at, const StockPlaces& places,
            const DocumentTerms& terms) {
  switch (kind) {
    case BookingKind::kSale:
      return {kOut, "outgoing_moves", at.output, terms.customer.customer_location, true};
    case BookingKind::kReturn:
      return {kReturn, "incoming_moves", terms.customer.customer_location, at.input, true};
    case BookingKind::kReceipt:
      if (terms.supplier.id == 0) return {kInternal, "moves", at.lost_found, at.storage};
      return {kIn, "incoming_moves", terms.supplier.supplier_location, at.input, true};
    case BookingKind::kGain: return {kInternal, "moves", at.lost_found, at.storage};
    case BookingKind::kLoss: return {kInternal, "moves", at.storage, at.lost_found};
    case BookingKind::kTransferOut: return {kInternal, "moves", at.storage, places.transit()};
    case BookingKind::kTransferIn: return {kInternal, "moves", places.transit(), at.storage};
  }
  __builtin_unreachable();
}

JsonValue DraftOf(const Form& form, const Booking& booking, std::string quantity,
                  const Product& product, const Warehouse& warehouse, const DocumentTerms& terms) {
  JsonValue move = JsonValue::Record({{"product", product.id},
                                      {"uom", product.unit},
                                      {"quantity", JsonValue::Number(std::move(quantity))},
                                      {"from_location", form.from},
                                      {"to_location", form.to},
                                      {"company", terms.company}});
  if (form.has_price) {
    move.Set("currency", terms.currency);
    move.Set("unit_price", ToJsonDecimal(product.list_price.empty() ? "0" : product.list_price));
  }
  JsonValue draft = JsonValue::Record({{"company", terms.company}, {"reference", booking.key}});
  if (form.model == kOut || form.model == kReturn) {
    draft.Set("customer", terms.customer.id);
    draft.Set("delivery_address", terms.customer.address);
    draft.Set("warehouse", warehouse.id);
  } else if (form.model == kIn) {
    draft.Set("supplier", terms.supplier.id);
    draft.Set("warehouse", warehouse.id);
  } else {
    draft.Set("from_location", form.from);
    draft.Set("to_location", form.to);
    draft.Set("planned_date", ToJsonDate(sdk::Now()));
    draft.Set("planned_start_date", ToJsonDate(sdk::Now()));
  }
  draft.Set(std::string(form.moves),
            JsonValue::List({JsonValue::List({"create", JsonValue::List({std::move(move)})})}));
  return draft;
}

}  // namespace

absl::StatusOr<Party> DocumentWriter::FindParty(std::string_view code) {
  const absl::StatusOr<std::vector<JsonValue>> found =
      client_.ReadAll("party.party", JsonValue::List({Clause("code", "=", code)}),
                      {"id", "addresses", "customer_location", "supplier_location"});
  if (!found.ok()) return found.status();
  if (found->empty()) {
    return absl::FailedPreconditionError(fmt::format("Tryton has no party with code \"{}\"", code));
  }
  Row row(found->front(), "party.party");
  const std::vector<int64_t> addresses = row.Ids("addresses");
  const Party party{.id = row.Id(),
                    .address = addresses.empty() ? 0 : addresses.front(),
                    .customer_location = row.Integer("customer_location"),
                    .supplier_location = row.Integer("supplier_location")};
  if (!row.status().ok()) return row.status();
  if (party.address == 0) {
    return absl::FailedPreconditionError(
        fmt::format("party \"{}\" has no address in Tryton; shipments need one", code));
  }
  return party;
}

absl::Status DocumentWriter::LoadTerms(std::string_view customer, std::string_view supplier) {
  DocumentTerms terms;
  absl::StatusOr<Party> party = FindParty(customer);
  if (!party.ok()) return party.status();
  terms.customer = *party;
  if (!supplier.empty()) {
    party = FindParty(supplier);
    if (!party.ok()) return party.status();
    terms.supplier = *party;
  }
  terms.company = client_.company();
  if (terms.company == 0) {
    return absl::FailedPreconditionError("the user of the adapter has no company in Tryton");
  }
  const absl::StatusOr<std::vector<JsonValue>> company =
      client_.Read("company.company", {terms.company}, {"id", "currency"});
  if (!company.ok()) return company.status();
  if (company->empty()) return absl::FailedPreconditionError("the company cannot be read");
  terms.currency = Row(company->front(), "company.company").Integer("currency");
  const std::scoped_lock lock(mutex_);
  terms_ = terms;
  return absl::OkStatus();
}

absl::StatusOr<Document> DocumentWriter::FindOrCreate(const Booking& booking,
                                                      const JsonValue& draft,
                                                      std::string_view model) {
  const absl::StatusOr<std::optional<Document>> known = state_.FindDocument(booking.key);
  if (!known.ok()) return known.status();
  if (*known) return **known;
  // A call whose answer was lost may have made it.
  const absl::StatusOr<std::vector<int64_t>> found =
      client_.Search(model, JsonValue::List({Clause("reference", "=", booking.key)}), 10, {"id"});
  if (!found.ok()) return found.status();
  Document document{.model = std::string(model)};
  if (!found->empty()) {
    document.id = found->front();
    spdlog::info("document found again in Tryton key={} model={} id={}", booking.key, model,
                 document.id);
  } else {
    const absl::StatusOr<JsonValue> created =
        client_.Call(fmt::format("{}.create", model), {JsonValue::List({draft})}, Repeatable::kNo);
    if (!created.ok()) return created.status();
    const JsonValue record = JsonValue::Record(
        {{"id", created->items().empty() ? JsonValue() : created->items().front()}});
    Row row(record, model);
    document.id = row.Id();
    if (!row.status().ok() || document.id == 0) {
      return absl::DataLossError(fmt::format("Tryton, {}.create: no id", model));
    }
  }
  if (absl::Status status = state_.PutDocument(booking.key, document); !status.ok()) return status;
  return document;
}

absl::Status DocumentWriter::Finish(const Document& document) {
  std::string before;
  for (int step = 0; step < kStepsMax; ++step) {
    const absl::StatusOr<std::vector<JsonValue>> records =
        client_.Read(document.model, {document.id}, {"id", "state"});
    if (!records.ok()) return records.status();
    const std::string name = fmt::format("{} {}", document.model, document.id);
    if (records->empty()) {
      return absl::FailedPreconditionError(fmt::format("somebody deleted {} in Tryton", name));
    }
    const std::string state = Row(records->front(), document.model).Text("state");
    if (state == "done") return absl::OkStatus();
    const std::string_view button = ButtonFor(document.model, state);
    if (button.empty()) {
      return absl::FailedPreconditionError(
          fmt::format("{} is {} in Tryton; set it back to draft there", name, state));
    }
    if (state == before) {
      return absl::FailedPreconditionError(fmt::format("{} stays {} in Tryton", name, state));
    }
    before = state;
    // As far as one reading of the state carries: Tryton leaves out records in another state, so
    // what is pressed too early or twice does nothing.
    for (std::string next = state; !next.empty();) {
      const std::string_view press = ButtonFor(document.model, next);
      if (press.empty()) break;
      const absl::StatusOr<JsonValue> pressed = client_.Press(document.model, press, {document.id});
      if (!pressed.ok()) return pressed.status();
      next = press == "wait"           ? "waiting"
             : press == "pick"         ? "picked"
             : press == "pack"         ? "packed"
             : press == "receive"      ? "received"
             : press == "assign_force" ? "assigned"
             : press == "draft"        ? "draft"
                                       : "";
    }
  }
  return absl::FailedPreconditionError(
      fmt::format("{} {} does not come to an end in Tryton", document.model, document.id));
}

absl::Status DocumentWriter::Write(const Booking& booking, const Product& product,
                                   const Warehouse& warehouse, const StockPlaces& places) {
  absl::StatusOr<std::string> quantity =
      FormatQuantity(booking.quantity, product.scale, product.unit_digits);
  if (!quantity.ok()) {
    return absl::Status(
        quantity.status().code(),
        fmt::format("{}: {}", product.sku, std::string(quantity.status().message())));
  }
  const DocumentTerms terms = this->terms();
  const Form form = FormOf(booking.kind, warehouse, places, terms);
  if (form.from == 0 || form.to == 0) {
    return absl::FailedPreconditionError(
        fmt::format("warehouse {} of Tryton lacks a zone for {}", warehouse.location, form.model));
  }
  const JsonValue draft = DraftOf(form, booking, *std::move(quantity), product, warehouse, terms);
  const absl::StatusOr<Document> document = FindOrCreate(booking, draft, form.model);
  if (!document.ok()) return document.status();
  if (absl::Status status = Finish(*document); !status.ok()) return status;
  spdlog::info("booked in Tryton key={} model={} id={} sku={} location={}", booking.key,
               document->model, document->id, sdk::LogValue(product.sku),
               sdk::LogValue(warehouse.location));
  return absl::OkStatus();
}

}  // namespace stockd::tryton
