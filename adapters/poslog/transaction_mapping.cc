#include "adapters/poslog/transaction_mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "adapters/sdk/decimal.h"
#include "adapters/sdk/timestamp_text.h"
#include "adapters/sdk/utf8.h"

namespace stockd::poslog {
namespace {

// As in the contract.
constexpr size_t kIdBytesMax = 128;
constexpr int64_t kQuantityMax = 1'000'000'000'000;
constexpr int64_t kSequenceMax = int64_t{1} << 62;
constexpr std::string_view kRetail = "RetailTransaction";

std::string Shown(std::string_view value) { return sdk::ToUtf8(value.substr(0, 64)); }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// The date at the beginning of what XML Schema allows for one: a time or a zone may follow.
std::string DateOf(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00";
  const std::string_view date = text.substr(0, kShape.size());
  const bool ends_there =
      text.size() == kShape.size() ||
      (text.size() > kShape.size() &&
       std::string_view("TZ+-").find(text[kShape.size()]) != std::string_view::npos);
  if (!ends_there) return {};
  for (size_t i = 0; i < kShape.size(); ++i) {
    const bool is_digit = date[i] >= '0' && date[i] <= '9';
    if (kShape[i] == '-' ? date[i] != '-' : !is_digit) return {};
  }
  const auto number = [&](size_t at, size_t digits) {
    unsigned value = 0;
    for (const char c : date.substr(at, digits))
      value = value * 10 + static_cast<unsigned>(c - '0');
    return value;
  };
  const std::chrono::year_month_day day(std::chrono::year(static_cast<int>(number(0, 4))),
                                        std::chrono::month(number(5, 2)),
                                        std::chrono::day(number(8, 2)));
  return day.ok() ? std::string(date) : std::string();
}

// A quantity in pieces, as against one by weight, volume or length.
bool IsPieces(std::string_view unit) {
  const std::string lower = Lower(unit);
  return lower.empty() || lower == "ea" || lower == "each" || lower == "pce" || lower == "c62" ||
         lower == "h87" || lower == "st";
}

}  // namespace

struct TransactionMapping::Work {
  const Transaction& transaction;
  const bool is_utf8;
  MappedTransaction result;
  std::optional<Flaw> flaw;
  std::vector<const WrittenLine*> written;
  std::vector<SoldLine> lines;  // For each of `written`.

  // The first flaw counts.
  void Refuse(std::string_view reason, std::string detail) {
    if (!flaw) flaw = Flaw{.reason = reason, .detail = std::move(detail)};
  }

  // An id of 1 to 128 bytes.
  void CheckId(std::string_view name, std::string_view value) {
    if (value.empty()) return Refuse("VALUE_MISSING", fmt::format("{} is missing", name));
    const bool is_text = is_utf8 ? sdk::IsUtf8(value) : std::ranges::none_of(value, [](char c) {
      return static_cast<unsigned char>(c) >= 0x80;
    });
    if (!is_text) {
      return Refuse("UTF8_INVALID", fmt::format("{} is not UTF-8: \"{}\"", name, Shown(value)));
    }
    if (value.size() > kIdBytesMax || sdk::HasControlCharacter(value)) {
      Refuse("ID_INVALID", fmt::format("{} \"{}\" is longer than {} bytes or holds a control "
                                       "character",
                                       name, Shown(value), kIdBytesMax));
    }
  }

  // A part of the key.
  void CheckPart(std::string_view name, std::string_view value) {
    CheckId(name, value);
    if (value.find('/') != std::string_view::npos) {
      Refuse("ID_INVALID", fmt::format("{} \"{}\" holds a \"/\"", name, Shown(value)));
    }
  }

  bool IsSet(std::string_view name, std::string_view value) {
    const std::string lower = Lower(value);
    if (lower == "true" || lower == "1") return true;
    if (!lower.empty() && lower != "false" && lower != "0") {
      Refuse("FLAG_INVALID",
             fmt::format("{}=\"{}\" is neither true nor false", name, Shown(value)));
    }
    return false;
  }
};

TransactionMapping::TransactionMapping(MappingRules rules, ScaleOf scale_of, TillClock clock)
    : rules_(std::move(rules)), scale_of_(std::move(scale_of)), clock_(std::move(clock)) {}

absl::StatusOr<TransactionMapping> TransactionMapping::Make(const PoslogConfig& config,
                                                            ScaleOf scale_of) {
  absl::StatusOr<TillClock> clock = TillClock::Make(config.mapping.time_zone);
  if (!clock.ok()) return clock.status();
  TransactionMapping mapping(config.mapping, std::move(scale_of), *std::move(clock));
  for (const auto& [store, rules] : config.stores) {
    absl::StatusOr<TillClock> own =
        TillClock::Make(rules.time_zone.empty() ? config.mapping.time_zone : rules.time_zone);
    if (!own.ok()) return own.status();
    mapping.stores_.emplace(store,
                            Store{.location = rules.location.empty() ? store : rules.location,
                                  .clock = *std::move(own)});
  }
  return mapping;
}

MappedTransaction TransactionMapping::Map(const Transaction& transaction, bool is_utf8) const {
  Work work{.transaction = transaction, .is_utf8 = is_utf8};
  MappedTransaction& result = work.result;
  result.lines_skipped = transaction.lines_skipped;
  FillKey(work);
  // What moves no stock needs no key.
  const std::optional<Flaw> key_flaw = std::exchange(work.flaw, std::nullopt);
  if (!transaction.flaw.empty()) work.Refuse("SHAPE_INVALID", transaction.flaw);
  std::string rule = SkipRule(work);
  if (!work.flaw && rule.empty()) {
    FillLines(work);
    if (!work.flaw) work.flaw = ApplyVoids(rules_.voids, work.lines);
    const bool moves_stock =
        std::ranges::any_of(work.lines, [](const SoldLine& line) { return line.units != 0; });
    if (!moves_stock) rule = "no_stock";
    if (!work.flaw && moves_stock) work.flaw = key_flaw;
    if (!work.flaw && moves_stock) FillFacts(work);
  }
  if (work.flaw) {
    result.fate = MappedTransaction::Fate::kRejected;
    result.reason = work.flaw->reason;
    result.detail = work.flaw->detail;
    result.facts.clear();
  } else if (!rule.empty()) {
    result.fate = MappedTransaction::Fate::kSkipped;
    result.reason = std::move(rule);
  }
  return std::move(result);
}

void TransactionMapping::FillKey(Work& work) const {
  const Transaction& transaction = work.transaction;
  MappedTransaction& result = work.result;
  work.CheckPart("RetailStoreID", transaction.store);
  work.CheckPart("WorkstationID", transaction.workstation);
  const std::string day = DateOf(transaction.business_day);
  if (day.empty()) {
    work.Refuse(
        transaction.business_day.empty() ? "VALUE_MISSING" : "TIME_INVALID",
        fmt::format("BusinessDayDate \"{}\" is not a date", Shown(transaction.business_day)));
  }
  const absl::StatusOr<int64_t> number = sdk::ParseDecimal(transaction.sequence, {});
  if (!number.ok() || *number < 0 || *number > kSequenceMax) {
    work.Refuse(transaction.sequence.empty() ? "VALUE_MISSING" : "NUMBER_INVALID",
                fmt::format("SequenceNumber \"{}\" is not a whole number of 0 or more",
                            Shown(transaction.sequence)));
  }
  if (work.flaw) return;
  const std::string till = fmt::format("{}/{}", transaction.store, transaction.workstation);
  const std::string till_day = fmt::format("{}/{}", till, day);
  result.key = fmt::format("{}/{}", till_day, *number);
  work.CheckId("the key", result.key);
  if (rules_.sequences == SequenceRule::kNone || *number == 0 || work.flaw) return;
  result.device = rules_.sequences == SequenceRule::kDaily ? till_day : till;
  result.device_sequence = static_cast<uint64_t>(*number);
}

// Why it moves no stock; empty: it may.
std::string TransactionMapping::SkipRule(Work& work) const {
  const Transaction& transaction = work.transaction;
  const bool is_training = work.IsSet("TrainingModeFlag", transaction.training_flag);
  const bool is_cancelled = work.IsSet("CancelFlag", transaction.cancel_flag);
  const bool is_suspended = work.IsSet("SuspendFlag", transaction.suspend_flag);
  if (transaction.kind != kRetail) {
    return transaction.kind.empty() ? "empty" : transaction.kind;
  }
  if (is_training) return "training";
  if (is_cancelled) return "cancelled";
  if (is_suspended) return "suspended";
  if (std::ranges::find(rules_.statuses_skipped, transaction.status) !=
      rules_.statuses_skipped.end()) {
    return fmt::format("status={}", transaction.status);
  }
  return {};
}

void TransactionMapping::FillLines(Work& work) const {
  for (const WrittenLine& line : work.transaction.lines) {
    const bool is_stock =
        line.item_type.empty() ||
        std::ranges::find(rules_.item_types, line.item_type) != rules_.item_types.end();
    if (!is_stock) {
      ++work.result.lines_skipped[fmt::format("item_type={}", Shown(line.item_type))];
      continue;
    }
    work.result.lines_voided += line.is_void ? 1 : 0;
    if (line.is_void && rules_.voids == VoidRule::kMarked) continue;
    SoldLine sold{.number = line.number,
                  .linked_number = line.linked_number,
                  .item = ItemOf(line, work),
                  .is_return = line.is_return,
                  .is_void = line.is_void};
    sold.quantity = QuantityOf(line, sold.item, work);
    if (sold.quantity == 0 && !work.flaw) ++work.result.lines_skipped["quantity=0"];
    work.written.push_back(&line);
    work.lines.push_back(std::move(sold));
  }
}

// Leading zeros belong to it.
std::string TransactionMapping::ItemOf(const WrittenLine& line, Work& work) const {
  const std::string& first = rules_.uses_pos_item_id ? line.pos_item_id : line.item_id;
  const std::string& second = rules_.uses_pos_item_id ? line.item_id : line.pos_item_id;
  const std::string& item = first.empty() ? second : first;
  work.CheckId(fmt::format("the item of line {}", line.position), item);
  return item;
}

int64_t TransactionMapping::QuantityOf(const WrittenLine& line, const std::string& item,
                                       Work& work) const {
  const int scale = scale_of_(item);
  const WrittenQuantity* chosen = nullptr;
  for (const WrittenQuantity& quantity : line.quantities) {
    // Where pieces and weight are both written, the item's own unit tells which counts.
    if (line.quantities.size() > 1 && IsPieces(quantity.unit) != (scale == 0)) continue;
    if (chosen != nullptr) {
      work.Refuse("QUANTITY_AMBIGUOUS",
                  fmt::format("line {} has more than one quantity", line.position));
    }
    chosen = &quantity;
  }
  if (chosen == nullptr) {
    work.Refuse(line.quantities.empty() ? "VALUE_MISSING" : "QUANTITY_AMBIGUOUS",
                fmt::format("line {} has no quantity{}", line.position,
                            line.quantities.empty() ? "" : " in the unit of its item"));
    return 0;
  }
  const std::string& text =
      rules_.uses_units && !chosen->units.empty() ? chosen->units : chosen->text;
  const absl::StatusOr<int64_t> quantity =
      sdk::ParseDecimal(text, {.scale = scale, .separator = rules_.decimal_separator});
  if (!quantity.ok()) {
    work.Refuse("QUANTITY_INVALID",
                fmt::format("line {}, item {}: {}", line.position, Shown(item),
                            sdk::ToUtf8(std::string(quantity.status().message()))));
    return 0;
  }
  if (*quantity > kQuantityMax || *quantity < -kQuantityMax) {
    work.Refuse("QUANTITY_OUT_OF_RANGE",
                fmt::format("line {}: {} is beyond {} of the smallest unit", line.position,
                            Shown(text), kQuantityMax));
    return 0;
  }
  return *quantity;
}

void TransactionMapping::FillFacts(Work& work) const {
  const Transaction& transaction = work.transaction;
  const auto store = stores_.find(transaction.store);
  const TillClock& clock = store == stores_.end() ? clock_ : store->second.clock;
  const absl::StatusOr<TillClock::Reading> time = clock.Read(transaction.end_time);
  if (!time.ok()) {
    return work.Refuse(
        transaction.end_time.empty() ? "VALUE_MISSING" : "TIME_INVALID",
        fmt::format("EndDateTime: {}", sdk::ToUtf8(std::string(time.status().message()))));
  }
  work.result.is_time_repeated = time->is_repeated;
  // Their own numbers name lines, unless a till leaves them out or gives one twice.
  std::set<std::string_view> numbers;
  const bool has_numbers = std::ranges::all_of(work.written, [&](const WrittenLine* line) {
    return !line->number.empty() && numbers.insert(line->number).second;
  });
  for (size_t at = 0; at < work.lines.size(); ++at) {
    const SoldLine& line = work.lines[at];
    const WrittenLine& written = *work.written[at];
    if (line.units == 0) continue;
    v1::Fact& fact = work.result.facts.emplace_back();
    const std::string name = has_numbers ? written.number : fmt::format("n{}", written.position);
    fact.set_event_id(fmt::format("{}/{}", work.result.key, name));
    work.CheckId("the event id", fact.event_id());
    fact.set_kind(line.units > 0 ? v1::FACT_KIND_SALE : v1::FACT_KIND_RETURN);
    fact.set_sku(line.item);
    fact.set_location(store == stores_.end() ? transaction.store : store->second.location);
    fact.set_quantity(line.units > 0 ? line.units : -line.units);
    sdk::SetProto(time->instant, fact.mutable_occurred_at());
    fact.set_reference(work.result.key);
    fact.set_channel(rules_.channel);
    fact.set_device(work.result.device);
    fact.set_device_sequence(work.result.device_sequence);
    if (line.units < 0 && !written.original_key.empty()) {
      work.CheckId("the transaction that a return undoes", written.original_key);
      fact.set_original_reference(written.original_key);
    }
    FillPrice(written, fact, work);
  }
}

// What has no currency or is negative is no price; it moves stock all the same.
void TransactionMapping::FillPrice(const WrittenLine& line, v1::Fact& fact, Work& work) const {
  const std::string& currency = !line.currency.empty()               ? line.currency
                                : !work.transaction.currency.empty() ? work.transaction.currency
                                                                     : rules_.currency;
  if (line.price.empty() || currency.empty()) return;
  const absl::StatusOr<int64_t> price = sdk::ParseMicros(line.price, rules_.decimal_separator);
  if (!price.ok()) {
    return work.Refuse("PRICE_INVALID",
                       fmt::format("line {}: {}", line.position,
                                   sdk::ToUtf8(std::string(price.status().message()))));
  }
  const bool is_code = currency.size() == 3 &&
                       std::ranges::all_of(currency, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_code) {
    return work.Refuse(
        "CURRENCY_INVALID",
        fmt::format("\"{}\" is not a currency code of three upper-case letters", Shown(currency)));
  }
  if (*price <= 0) return;
  fact.set_unit_price_micros(*price);
  fact.set_currency(currency);
}

}  // namespace stockd::poslog
