// Cuts a POSLog of any size into its transactions, with bounded memory.
#pragma once

#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/poslog/byte_window.h"
#include "adapters/poslog/namespace_scope.h"
#include "adapters/poslog/xml_token.h"

namespace stockd::poslog {

// What Next() found.
enum class ScanOutcome {
  kTransaction,
  kBad,         // What cannot be read; problem() says why. The next call goes on behind it.
  kEnd,         // The file is over.
  kRefused,     // The file is none that can be read; problem() says why. No transaction was given.
  kReadFailed,  // read_error() says why.
};

struct ScanProblem {
  std::string_view reason;  // UPPER_SNAKE; from a constant.
  std::string detail;       // For people.
};

struct ScanLimits {
  size_t transaction_bytes_max = size_t{4} << 20;
  size_t depth_max = 64;  // Of open elements, those around the transaction and those inside.
};

// A transaction is an element of the local name Transaction in the namespace of the POSLog element
// that it stands in, at any depth, or the outermost element of that local name. Several documents
// may follow one another in one file.
//
// Every transaction that is given is well-formed by itself. What is not is skipped up to the end of
// its transaction or the beginning of the next one, whichever comes first, so that one that is
// broken costs no other. Memory: twice the largest transaction. For one thread.
class TransactionScanner {
 public:
  TransactionScanner(std::unique_ptr<ByteWindow> bytes, ScanLimits limits);

  // After kEnd, kRefused and kReadFailed it is not called again.
  [[nodiscard]] ScanOutcome Next();

  // The transaction, or as much as transaction_bytes_max of what is bad. Valid until the next call
  // of Next().
  std::string_view text() const;
  // Where it begins and ends in the file.
  uint64_t begin_offset() const { return begin_offset_; }
  uint64_t end_offset() const { return end_offset_; }
  const ScanProblem& problem() const { return problem_; }
  const absl::Status& read_error() const { return read_error_; }

  // What stands around the transaction.
  const NamespaceScope& scope() const { return scope_; }
  // Whether text is UTF-8; else only its ASCII can be relied on.
  bool is_utf8() const { return is_utf8_; }

 private:
  ScanOutcome NextOutside();
  ScanOutcome SkipBlanks();
  ScanOutcome TakeOutside(const Token& token);
  ScanOutcome TakeStart(const Token& token);
  ScanOutcome TakeEnd(const Token& token);
  ScanOutcome AtEnd();
  ScanOutcome CheckBeginning();
  bool TakesEncoding(const Token& declaration);
  bool IsTransaction(const Token& tag) const;

  ScanOutcome ScanTransaction(const Token& start);
  ScanOutcome StepInside(bool* is_whole);
  ScanOutcome TakeInside(const Token& token);

  ScanOutcome Recover(std::string_view reason, std::string_view what, size_t from);
  size_t FindBoundary(size_t from, size_t* size) const;
  ScanOutcome TooLarge(size_t from);
  ScanOutcome Refuse(std::string_view reason, std::string detail);
  ScanOutcome ReadFailed(absl::Status status);
  ScanOutcome Found(ScanOutcome outcome, size_t size);

  const std::unique_ptr<ByteWindow> bytes_;
  const ScanLimits limits_;
  NamespaceScope scope_;
  std::string transaction_name_;  // As its tags write it; empty: no POSLog was seen.
  bool has_transactions_ = false;
  bool has_begun_ = false;
  bool is_over_ = false;     // What is wrong was told, and reaches to the end.
  bool is_cut_off_ = false;  // What is bad may be so because the file ends.
  bool is_utf8_ = true;

  // Inside a transaction: offsets into data(), which begins with it.
  struct Span {
    size_t begin = 0;
    size_t size = 0;
  };
  std::vector<Span> open_;  // Names of open elements.
  size_t at_ = 0;
  Token token_;

  size_t size_ = 0;  // Of text() within data(), which the next call consumes.
  std::string cut_;  // Text of what is bad and was longer than the window may be.
  uint64_t begin_offset_ = 0;
  uint64_t end_offset_ = 0;
  ScanProblem problem_;
  absl::Status read_error_;
};

}  // namespace stockd::poslog
