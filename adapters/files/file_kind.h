// The kinds of file that the adapter reads, and the fields of each.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stockd::files {

// What the adapter serves as.
enum class Role { kErp, kPos, kWeb };

// In the order in which waiting files are taken, so that what others refer to comes first.
enum class FileKind {
  kItems,
  kLocations,
  kGroups,
  kChannels,
  kSafetyStocks,
  kSupplies,
  kLevels,
  kCounts,
  kReceipts,
  kAdjustments,
  kFacts,
  kQuotas,  // Of a POS estate. Behind the sales that were made out of them.
};

// Of an ERP.
inline constexpr std::array kFileKinds = {
    FileKind::kItems,    FileKind::kLocations,    FileKind::kGroups, FileKind::kChannels,
    FileKind::kSupplies, FileKind::kSafetyStocks, FileKind::kLevels, FileKind::kCounts,
    FileKind::kReceipts, FileKind::kAdjustments,  FileKind::kFacts,
};

// The name in configuration, messages and, by default, at the beginning of files: "safety_stocks".
[[nodiscard]] std::string_view NameOf(FileKind kind);

// The fields that a mapping of this kind may name.
[[nodiscard]] std::vector<std::string> FieldsOf(FileKind kind);

// Whether its rows are facts.
[[nodiscard]] bool IsFactKind(FileKind kind);

// The till or journal that a file continues: its name up to the first '-', or else up to the first
// '.'.
[[nodiscard]] std::string JournalOf(std::string_view file_name);

}  // namespace stockd::files
