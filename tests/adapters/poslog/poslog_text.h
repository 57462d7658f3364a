// POSLogs for tests.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/poslog/byte_window.h"
#include "adapters/poslog/transaction_scanner.h"

namespace stockd::poslog {

inline constexpr std::string_view kOpen =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<POSLog xmlns=\"http://www.nrf-arts.org/IXRetail/namespace/\" xmlns:acs=\"urn:vendor\">";
inline constexpr std::string_view kClose = "</POSLog>\n";

inline std::string Whole(std::string_view transactions) {
  return std::string(kOpen) + std::string(transactions) + std::string(kClose);
}

struct SaleText {
  std::string number = "1";
  std::string item = "A";
  std::string quantity = "1";
  std::string attributes = "";  // Of the line.
  std::string kind = "Sale";
  std::string more = "";  // Inside Sale or Return.
};

inline std::string Line(const SaleText& sale) {
  return "<LineItem " + sale.attributes + "><SequenceNumber>" + sale.number + "</SequenceNumber><" +
         sale.kind + " ItemType=\"Stock\"><ItemID>" + sale.item + "</ItemID><Quantity>" +
         sale.quantity + "</Quantity>" + sale.more + "</" + sale.kind + "></LineItem>";
}

struct TransactionText {
  std::string store = "9";
  std::string workstation = "34";
  std::string sequence = "1";
  std::string day = "2017-10-01";
  std::string time = "2017-10-01T15:15:25";
  std::string attributes = "";       // Of the transaction.
  std::string body_attributes = "";  // Of what is inside.
  std::string kind = "RetailTransaction";
  std::string lines = Line({});
};

inline std::string ToText(const TransactionText& text) {
  return "<Transaction " + text.attributes + "><RetailStoreID>" + text.store +
         "</RetailStoreID><WorkstationID>" + text.workstation + "</WorkstationID><SequenceNumber>" +
         text.sequence + "</SequenceNumber><BusinessDayDate>" + text.day +
         "</BusinessDayDate><EndDateTime>" + text.time + "</EndDateTime><" + text.kind + " " +
         text.body_attributes + ">" + text.lines + "</" + text.kind + "></Transaction>";
}

// Bytes that come in pieces of `piece`.
class MemoryBytes final : public ByteWindow {
 public:
  MemoryBytes(std::string text, size_t piece) : text_(std::move(text)), piece_(piece) {}

  std::string_view data() const override {
    return std::string_view(text_).substr(begin_, end_ - begin_);
  }
  absl::StatusOr<bool> Grow() override {
    const size_t had = end_;
    end_ = std::min(text_.size(), end_ + piece_);
    return end_ > had;
  }
  void Consume(size_t bytes) override { begin_ += bytes; }
  uint64_t offset() const override { return begin_; }

 private:
  const std::string text_;
  const size_t piece_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

// What a scanner found, one word each: "T" and the text of a transaction, or "!" and why.
inline std::vector<std::string> Scan(const std::string& text, size_t piece = 4096,
                                     ScanLimits limits = {}) {
  TransactionScanner scanner(std::make_unique<MemoryBytes>(text, piece), limits);
  std::vector<std::string> found;
  for (;;) {
    switch (scanner.Next()) {
      case ScanOutcome::kTransaction: found.push_back("T" + std::string(scanner.text())); break;
      case ScanOutcome::kBad: found.push_back("!" + std::string(scanner.problem().reason)); break;
      case ScanOutcome::kRefused:
        found.push_back("refused " + std::string(scanner.problem().reason));
        return found;
      case ScanOutcome::kEnd: return found;
      case ScanOutcome::kReadFailed: found.emplace_back("read failed"); return found;
    }
  }
}

}  // namespace stockd::poslog
