#include "tests/storage/random_order.h"

#include <string>

#include "daemon/base/quantity.h"

namespace stockd::storage {
namespace {

using support::Random;

// Years 1 to 9999, as the edges of the daemon let through.
constexpr int64_t kMicrosMin = -62'135'596'800'000'000;
constexpr int64_t kMicrosMax = 253'402'300'799'999'999;

Timestamp AnyInstant(Random& random) {
  if (random.Percent(5)) return FromMicros(random.Percent(50) ? kMicrosMin : kMicrosMax);
  if (random.Percent(5)) return Timestamp{};
  return FromMicros(random.Between(kMicrosMin, kMicrosMax));
}

std::optional<Timestamp> PerhapsInstant(Random& random) {
  if (random.Percent(40)) return std::nullopt;
  return AnyInstant(random);
}

std::optional<int> PerhapsNumber(Random& random, int most) {
  if (random.Percent(40)) return std::nullopt;
  return static_cast<int>(random.Below(static_cast<uint64_t>(most) + 1));
}

std::string AnyText(Random& random) {
  static const std::vector<std::string> kPieces = {
      "a", "Ü",     "\"",   "\\", "\n", std::string("\0", 1), "\x1f", "{",
      "}", "[1,2]", "null", "漢", " "};
  std::string text;
  if (random.Percent(30)) return text;
  for (uint64_t left = 1 + random.Below(8); left > 0; --left) text += random.Pick(kPieces);
  return text;
}

std::string AnyBytes(Random& random) {
  std::string bytes;
  for (uint64_t left = random.Below(20); left > 0; --left) {
    bytes += static_cast<char>(random.Below(256));
  }
  return bytes;
}

Quantity AnyQuantity(Random& random) {
  return random.Percent(10) ? kQuantityMax : random.Between(0, 5);
}

template <typename Id>
Id AnyId(Random& random) {
  return Id{random.Percent(10) ? 0xffffffff : static_cast<uint32_t>(random.Below(4))};
}

int AnyIndex(Random& random) { return static_cast<int>(random.Below(500)); }

fulfilment::FulfilmentLine AnyFulfilmentLine(Random& random) {
  return {.line = AnyIndex(random),
          .units = {.claimed = AnyQuantity(random),
                    .picked = AnyQuantity(random),
                    .missing = AnyQuantity(random),
                    .substituted = AnyQuantity(random),
                    .shipped = AnyQuantity(random),
                    .handed_over = AnyQuantity(random),
                    .delivered = AnyQuantity(random),
                    .lost = AnyQuantity(random),
                    .returned = AnyQuantity(random),
                    .cancelled = AnyQuantity(random)},
          .written_off = AnyQuantity(random)};
}

std::vector<fulfilment::FulfilmentLine> AnyFulfilmentLines(Random& random) {
  std::vector<fulfilment::FulfilmentLine> lines;
  for (uint64_t left = random.Below(4); left > 0; --left) {
    lines.push_back(AnyFulfilmentLine(random));
  }
  return lines;
}

fulfilment::OrderLine AnyOrderLine(Random& random) {
  return {.id = AnyText(random),
          .item = AnyId<ItemId>(random),
          .ordered = AnyQuantity(random),
          .unit_price_micros = random.Between(-1, kQuantityMax),
          .currency = AnyText(random),
          .substitutes = AnyIndex(random) - 1,
          .bundle = AnyText(random)};
}

fulfilment::Shipment AnyShipment(Random& random) {
  return {.id = AnyText(random),
          .carrier = AnyText(random),
          .service = AnyText(random),
          .tracking_number = AnyText(random),
          .parcels = AnyIndex(random),
          .attempts = AnyIndex(random),
          .shipped_at = AnyInstant(random),
          .delivered_at = PerhapsInstant(random),
          .lines = AnyFulfilmentLines(random)};
}

fulfilment::Fulfilment AnyFulfilment(Random& random, int number) {
  fulfilment::Fulfilment fulfilment{
      .number = number,
      .method = static_cast<fulfilment::Method>(random.Between(1, 4)),
      .state = static_cast<fulfilment::OrderState>(random.Between(1, 13)),
      .location = AnyId<LocationId>(random),
      .destination = AnyId<LocationId>(random),
      .at_destination = random.Percent(50),
      .claim_id = AnyText(random),
      .lines = AnyFulfilmentLines(random),
      .slot_start = PerhapsInstant(random),
      .slot_taken = random.Percent(50),
      .ready = {.first = PerhapsInstant(random), .current = PerhapsInstant(random)},
      .delivery = {.first = PerhapsInstant(random), .current = PerhapsInstant(random)},
      .picking_at = PerhapsInstant(random),
      .packed_at = PerhapsInstant(random),
      .shipped_at = PerhapsInstant(random),
      .ready_at = PerhapsInstant(random),
      .arrived_at = PerhapsInstant(random),
      .closed_at = PerhapsInstant(random),
      .deadline = PerhapsInstant(random),
      .remind_at = PerhapsInstant(random),
      .holding_area = AnyText(random),
      .code = {.generation = AnyIndex(random),
               .digest = AnyText(random),
               .wrong_tries = AnyIndex(random),
               .locked_until = random.Percent(50) ? kTimestampMin : AnyInstant(random)}};
  for (uint64_t left = random.Below(3); left > 0; --left) {
    fulfilment.shipments.push_back(AnyShipment(random));
  }
  return fulfilment;
}

}  // namespace

fulfilment::Order RandomOrder(Random& random, uint64_t number) {
  fulfilment::Order order{
      .number = number,
      .id = "order-" + std::to_string(number),
      .channel = AnyId<ChannelId>(random),
      .customer_reference = AnyText(random),
      .placed_at = AnyInstant(random),
      .recorded_at = AnyInstant(random),
      .requested_for = PerhapsInstant(random),
      .rating = {.nps = PerhapsNumber(random, 10), .csat = PerhapsNumber(random, 5)},
      .version = random.Next() >> 1,
      .content = AnyBytes(random)};
  for (uint64_t left = random.Below(4); left > 0; --left) {
    order.lines.push_back(AnyOrderLine(random));
  }
  const auto fulfilments = static_cast<int>(random.Below(4));
  for (int i = 1; i <= fulfilments; ++i) order.fulfilments.push_back(AnyFulfilment(random, i));
  return order;
}

fulfilment::OrderEvent RandomOrderEvent(Random& random, uint64_t number, uint64_t orders) {
  fulfilment::OrderEvent event{
      .number = number,
      .order_number = 1 + random.Below(orders),
      .fulfilment = AnyIndex(random),
      .kind = static_cast<fulfilment::OrderEventKind>(random.Between(1, 26)),
      .state = static_cast<fulfilment::OrderState>(random.Between(1, 13)),
      .location = AnyId<LocationId>(random),
      .occurred_at = AnyInstant(random),
      .recorded_at = AnyInstant(random),
      .reason = static_cast<fulfilment::UnitReason>(random.Between(0, 7)),
      .exception = static_cast<fulfilment::ExceptionKind>(random.Between(0, 5)),
      .shipment_id = AnyText(random),
      .note = AnyText(random)};
  for (uint64_t left = random.Below(4); left > 0; --left) {
    event.lines.push_back({.line = AnyIndex(random), .quantity = AnyQuantity(random)});
  }
  return event;
}

}  // namespace stockd::storage
