// Bytes of a POSLog through everything that reads them: the scanner, the parser and the mapping. No
// input may do anything but yield transactions that are well-formed and facts that the contract
// takes; and the pieces in which the bytes come must not matter.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/poslog/transaction_mapping.h"
#include "adapters/poslog/transaction_reader.h"
#include "adapters/poslog/transaction_scanner.h"
#include "adapters/sdk/utf8.h"
#include "tests/adapters/poslog/poslog_text.h"

namespace stockd::poslog {
namespace {

constexpr ScanLimits kLimits{.transaction_bytes_max = 2048, .depth_max = 12};

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

void CheckFacts(const MappedTransaction& mapped) {
  Require(mapped.facts.empty() == (mapped.fate != MappedTransaction::Fate::kTaken));
  for (const v1::Fact& fact : mapped.facts) {
    Require(fact.quantity() > 0 && fact.has_occurred_at());
    Require(!fact.event_id().empty() && fact.event_id().size() <= 128);
    Require(!fact.sku().empty() && fact.sku().size() <= 128);
    Require(sdk::IsUtf8(fact.event_id()) && sdk::IsUtf8(fact.sku()));
    Require(sdk::IsUtf8(fact.location()) && sdk::IsUtf8(fact.original_reference()));
    Require((fact.device_sequence() == 0) == fact.device().empty());
  }
}

// What was found, in words; the offsets of all pieces follow one another.
std::string Look(const std::string& text, size_t piece, const TransactionMapping& mapping) {
  TransactionScanner scanner(std::make_unique<MemoryBytes>(text, piece), kLimits);
  std::string found;
  uint64_t end = 0;
  for (;;) {
    const ScanOutcome outcome = scanner.Next();
    found += std::to_string(static_cast<int>(outcome));
    if (outcome != ScanOutcome::kTransaction && outcome != ScanOutcome::kBad) return found;
    Require(scanner.begin_offset() >= end && scanner.end_offset() <= text.size());
    end = scanner.end_offset();
    found += "@" + std::to_string(scanner.begin_offset()) + "-" + std::to_string(end) + " ";
    if (outcome == ScanOutcome::kBad) {
      Require(scanner.text().size() <= kLimits.transaction_bytes_max);
      continue;
    }
    Require(scanner.text() ==
            std::string_view(text).substr(scanner.begin_offset(), end - scanner.begin_offset()));
    // Well-formed to us, well-formed to the parser.
    const auto transaction = ReadTransaction(scanner.text(), scanner.scope());
    Require(transaction.ok());
    CheckFacts(mapping.Map(*transaction, scanner.is_utf8()));
  }
}

}  // namespace
}  // namespace stockd::poslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stockd::poslog;
  static const TransactionMapping mapping = [] {
    PoslogConfig config;
    config.mapping.time_zone = "Europe/Istanbul";
    return *TransactionMapping::Make(
        config, [](std::string_view item) { return item.starts_with("kg") ? 3 : 0; });
  }();
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = Look(text, std::max<size_t>(text.size(), 1), mapping);
  const std::string pieces = Look(text, size_t{1} + data[0] % 64, mapping);
  if (whole != pieces) __builtin_trap();
  return 0;
}
