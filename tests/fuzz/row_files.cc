// Bytes of a file of sales, as CSV or JSON lines, through everything that reads them. No input may
// do anything but yield rows, and facts that the contract takes; and reading can go on at any row.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/adapter_config.h"
#include "adapters/files/csv_rows.h"
#include "adapters/files/fact_mapping.h"
#include "adapters/files/json_rows.h"
#include "adapters/files/row_reader.h"
#include "adapters/sdk/file_io.h"
#include "adapters/sdk/item_scales.h"
#include "adapters/sdk/utf8.h"

namespace stockd::files {
namespace {

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

const AdapterConfig& Config() {
  static const AdapterConfig config = *ParseAdapterConfig(
      "role = \"pos\"\nsource = \"pos\"\ndrop_directory = \"drop\"\n"
      "[quantity]\nnegative_quantity = \"return\"\n[time]\nzone = \"Europe/Istanbul\"\n"
      "[constants]\nlocation = \"S01\"\n[kinds]\nX = \"skip\"\n",
      "fuzz.toml", "/");
  return config;
}

absl::StatusOr<std::unique_ptr<RowReader>> Open(const std::string& path, bool is_json) {
  if (!is_json) return OpenCsvRows(path, Config());
  return OpenJsonRows(path, FieldsOf(FileKind::kFacts));
}

void CheckFact(const v1::Fact& fact) {
  Require(!fact.event_id().empty() && fact.event_id().size() <= 128);
  Require(!fact.sku().empty() && fact.sku().size() <= 128 && fact.has_occurred_at());
  Require(sdk::IsUtf8(fact.event_id()) && sdk::IsUtf8(fact.sku()) && sdk::IsUtf8(fact.device()));
  Require(sdk::IsUtf8(fact.reference()) && sdk::IsUtf8(fact.customer_reference()));
  const bool may_be_negative = fact.kind() == v1::FACT_KIND_ADJUSTMENT;
  const bool may_be_zero = fact.kind() == v1::FACT_KIND_COUNT;
  Require(fact.quantity() > 0 || (fact.quantity() < 0 && may_be_negative) ||
          (fact.quantity() == 0 && may_be_zero));
}

struct Row {
  uint64_t end = 0;
  int64_t line = 0;  // The one that begins at `end`.
  RowOutcome outcome = RowOutcome::kEnd;
  std::vector<std::string> values;

  friend bool operator==(const Row&, const Row&) = default;
};

Row Next(RowReader& reader) {
  Row row;
  row.outcome = reader.Next();
  row.end = reader.offset();
  row.line = reader.line();
  if (row.outcome == RowOutcome::kRow) {
    row.values.assign(reader.row().begin(), reader.row().end());
    Require(row.values.size() == reader.columns().size());
  }
  return row;
}

void Look(const std::string& path, bool is_json) {
  auto opened = Open(path, is_json);
  if (!opened.ok()) return;
  RowReader& reader = **opened;
  const sdk::ItemScales scales(2);
  auto mapping = FactMapping::Bind(Config(), FileKind::kFacts, "till-1.csv", reader, &scales);
  std::vector<Row> rows;
  for (;;) {
    rows.push_back(Next(reader));
    if (rows.back().outcome == RowOutcome::kEnd) break;
    Require(rows.back().outcome != RowOutcome::kReadFailed);
    if (!mapping.ok() || rows.back().outcome != RowOutcome::kRow) continue;
    v1::Fact fact;
    if (mapping->Map(reader.row(), &fact).fate == RowVerdict::Fate::kTaken) CheckFact(fact);
  }
  // As a restart does.
  const Row& from = rows[rows.size() / 2];
  if (from.outcome == RowOutcome::kEnd) return;
  reader.Seek(from.end, from.line);
  for (size_t i = rows.size() / 2 + 1; i < rows.size(); ++i) Require(Next(reader) == rows[i]);
}

}  // namespace
}  // namespace stockd::files

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const stockd::sdk::FileDescriptor file(::memfd_create("rows", MFD_CLOEXEC));
  if (!file.is_open()) return 0;
  if (::write(file.get(), data + 1, size - 1) != static_cast<ssize_t>(size - 1)) return 0;
  stockd::files::Look("/proc/self/fd/" + std::to_string(file.get()), data[0] % 2 == 1);
  return 0;
}
