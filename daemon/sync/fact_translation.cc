#include "daemon/sync/fact_translation.h"

#include <algorithm>
#include <string_view>

#include "daemon/sync/source_names.h"

namespace stockd::sync {
namespace {

constexpr size_t kIdBytesMax = 128;

bool IsText(std::string_view text) {
  return text.size() <= kIdBytesMax && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

bool IsId(std::string_view text) { return !text.empty() && IsText(text); }

bool ShapeIsRight(const v1::Fact& told) {
  constexpr int64_t kSecondsMin = -62'135'596'800;  // Year 1.
  constexpr int64_t kSecondsMax = 253'402'300'799;  // Year 9999.
  const auto& at = told.occurred_at();
  return IsId(told.event_id()) && IsId(told.sku()) && IsId(told.location()) &&
         IsText(told.reference()) && IsText(told.reservation_id()) && IsText(told.channel()) &&
         IsText(told.supply_id()) && IsText(told.customer_reference()) &&
         IsText(told.fulfilment_channel()) && IsText(told.original_reference()) &&
         (told.currency().empty() || told.currency().size() == 3) && IsText(told.currency()) &&
         told.kind() >= v1::FACT_KIND_RECEIPT && told.kind() <= v1::FACT_KIND_COUNT &&
         told.has_occurred_at() && at.seconds() >= kSecondsMin && at.seconds() <= kSecondsMax &&
         at.nanos() >= 0 && at.nanos() <= 999'999'999;
}

}  // namespace

TranslatedFact Translate(const v1::Fact& told, SourceId source, const engine::Names& names) {
  if (!ShapeIsRight(told)) return {.fact = {}, .reason = ledger::Reason::kFieldInvalid};
  const NamedPosition named = FindNamed(names, source, told.sku(), told.location());
  if (named.reason != ledger::Reason::kNone) return {.fact = {}, .reason = named.reason};
  const OwnQuantity own = ToOwnUnits(told.quantity(), named.units);
  if (own.reason != ledger::Reason::kNone) return {.fact = {}, .reason = own.reason};
  return {.fact = {.source = source,
                   .event_id = told.event_id(),
                   .kind = static_cast<ledger::EntryKind>(
                       told.kind()),  // Numbered alike; checked above.
                   .position = named.position,
                   .quantity = own.quantity,
                   .occurred_at = FromMicros(told.occurred_at().seconds() * 1'000'000 +
                                             told.occurred_at().nanos() / 1000),
                   .reference = told.reference(),
                   .reservation_id = told.reservation_id(),
                   .channel = told.channel(),
                   .unit_price_micros = told.unit_price_micros(),
                   .currency = told.currency(),
                   .supply_id = told.supply_id(),
                   .customer_reference = told.customer_reference(),
                   .fulfilment_channel = told.fulfilment_channel(),
                   .original_reference = told.original_reference()}};
}

}  // namespace stockd::sync
