// Turns CSV records into messages of the contract. The header's names are the message's fields.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stockd::ctl {

// A row that cannot be taken.
struct BadRow {
  int64_t line = 0;
  std::string reason;
};

struct ImportedRow {
  int64_t line = 0;
  std::unique_ptr<google::protobuf::Message> message;
};

// A file that was read to its end.
struct ImportedFile {
  std::vector<ImportedRow> rows;
  std::vector<BadRow> bad_rows;
};

// Reads rows like `prototype`. `key_fields` identify a row: their columns must exist, and no two
// rows may be the same in all of them. A cell is read by its field's type:
//   number         a whole number in the field's range
//   *_micros       under this name millionths; without "_micros" also a decimal such as 12.50
//   true or false  also yes and no, 1 and 0
//   enumeration    the value's name without its prefix, in any case: "store", "DARK_STORE"
//   instant        RFC 3339
//   duration       such as 90m, 1h30m, 2d
//   open hours     mon-fri 09:00-20:00, special days 2026-12-25 closed Christmas (calendar_words.h)
//   list           separated by '|'
//   coordinate     two columns, latitude and longitude
// Empty cells leave the field unset. Throws UsageError for an unknown, repeated or missing column,
// and for text that is not CSV.
ImportedFile ReadRows(std::istream& input, const google::protobuf::Message& prototype,
                      const std::vector<std::string_view>& key_fields);

}  // namespace stockd::ctl
