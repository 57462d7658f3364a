// The text of one transaction to its parts.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "adapters/poslog/namespace_scope.h"
#include "adapters/poslog/transaction.h"

namespace stockd::poslog {

// Kinds of lines that are told apart in one report.
inline constexpr size_t kKindsMax = 100;

// Reads a transaction that TransactionScanner gave; `scope` is what stands around it. Only elements
// in the transaction's own namespace count, so that a vendor's <acs:ItemID> is none.
//   INVALID_ARGUMENT   the parser does not take it.
[[nodiscard]] absl::StatusOr<Transaction> ReadTransaction(std::string_view text,
                                                          const NamespaceScope& scope);

}  // namespace stockd::poslog
