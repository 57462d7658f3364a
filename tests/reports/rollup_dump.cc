#include "tests/reports/rollup_dump.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "daemon/reports/distribution.h"
#include "daemon/reports/exact.h"
#include "daemon/reports/rollup_reader.h"
#include "daemon/storage/connection.h"

namespace stockd::reports {
namespace {

void DumpTable(storage::Connection& connection, const std::string& select, std::string& dump) {
  constexpr char kDigits[] = "0123456789abcdef";
  sqlite3_stmt* statement = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(connection.handle(), select.c_str(), -1, &statement, nullptr),
            SQLITE_OK)
      << select;
  dump += select + "\n";
  while (sqlite3_step(statement) == SQLITE_ROW) {
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
      dump += column == 0 ? "" : "|";
      const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(statement, column));
      const int size = sqlite3_column_bytes(statement, column);
      const bool is_blob = sqlite3_column_type(statement, column) == SQLITE_BLOB;
      for (int i = 0; i < size; ++i) {
        if (is_blob) {
          dump += {kDigits[bytes[i] >> 4], kDigits[bytes[i] & 15]};
        } else {
          dump += static_cast<char>(bytes[i]);
        }
      }
    }
    dump += "\n";
  }
  sqlite3_finalize(statement);
}

}  // namespace

std::string RawDump(const std::string& path) {
  storage::Connection connection;
  EXPECT_EQ(connection.Open(path, storage::Access::kReadOnly), SQLITE_OK);
  std::string dump;
  for (const char* table : {"strand", "category", "item_state", "cell", "position", "inflow",
                            "counted", "flip", "sale_order", "sale_return", "customer", "active",
                            "hold", "hold_line", "fact_day", "order_life", "order_day", "visit"}) {
    DumpTable(connection,
              std::string("SELECT * FROM ") + table +
                  (std::string(table) == "cell" ? " ORDER BY 1, 2, 3, 4"
                   : std::string(table) == "active" || std::string(table) == "order_day"
                       ? " ORDER BY 1, 2, 3"
                       : " ORDER BY 1, 2"),
              dump);
  }
  return dump;
}

std::string NamedDump(const std::string& path, const engine::Catalogue& catalogue) {
  RollupView view(path, 1 << 20);
  std::map<StrandId, Strand> strands;
  for (const auto& [id, strand] : view.Strands()) strands[id] = strand;
  std::map<CategoryId, std::string> categories;
  for (const auto& [id, name] : view.Categories()) categories[id] = name;
  std::set<std::string> lines;
  for (const Family family : {Family::kFlow, Family::kStock}) {
    for (int cuboid = 0; cuboid < kCuboidCount; ++cuboid) {
      for (int level = 0; level < kLevelCount; ++level) {
        const uint32_t space =
            MakeSpace(family, static_cast<Cuboid>(cuboid), static_cast<Level>(level));
        view.ScanA(space, INT64_MIN, INT64_MAX, [&](const CellKey& key, std::string_view sums) {
          const CellPlace place = PlaceOf(key);
          EXPECT_TRUE(ForEachSum(sums, [&](StrandId id, Measure measure, Int128 sum) {
            // What is late depends on when it was learned.
            if (measure == Measure::kLateLines || measure == Measure::kLatenessMicros) return;
            if (IsBin(measure) && DistributionOf(measure) == Distribution::kLatenessMicros) return;
            const Strand& strand = strands[id];
            std::ostringstream line;
            line << space << " " << BucketOf(key) << " " << place.location << " "
                 << categories[place.category] << " "
                 << (place.item == 0 ? "" : catalogue.Sku(ItemId{place.item})) << " "
                 << strand.channel << "," << strand.fulfilment << "," << strand.currency << ","
                 << ToNumber(strand.source) << "," << strand.carrier << "," << strand.service << " "
                 << static_cast<int>(measure) << " = " << ToText({.value = sum}, 0) << "\n";
            lines.insert(line.str());
          }));
        });
      }
    }
  }
  std::string dump;
  for (const std::string& line : lines) dump += line;
  storage::Connection connection;
  EXPECT_EQ(connection.Open(path, storage::Access::kReadOnly), SQLITE_OK);
  for (const char* table : {"position", "inflow", "counted", "flip", "order_day"}) {
    DumpTable(connection,
              std::string("SELECT * FROM ") + table +
                  (std::string(table) == "cell"     ? " ORDER BY 1, 2, 3, 4"
                   : std::string(table) == "active" ? " ORDER BY 1, 2, 3"
                                                    : " ORDER BY 1, 2"),
              dump);
  }
  return dump;
}

}  // namespace stockd::reports
