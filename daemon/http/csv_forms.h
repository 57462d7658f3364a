#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/http/csv_writer.h"

namespace stockd::http {

// How the answers of one method are shown as CSV, at GET /csv/v1/<name>?field=value&...: the query
// fills the request. A method with page_size, page_token and next_page_token is asked on until its
// last page.
struct CsvForm {
  std::string name;    // "availability"
  std::string method;  // "/stockd.v1.AvailabilityService/ListAvailability"
  std::vector<std::string_view> columns;
  // Appends the rows of an answer; each has as many fields as there are columns.
  std::function<void(const google::protobuf::Message& answer, CsvWriter& rows)> write;
};

// For a method whose answers are of type Answer.
template <typename Answer, typename Write>
CsvForm MakeCsvForm(std::string name, std::string method, std::vector<std::string_view> columns,
                    Write write) {
  return {.name = std::move(name),
          .method = std::move(method),
          .columns = std::move(columns),
          .write = [write](const google::protobuf::Message& answer, CsvWriter& rows) {
            write(static_cast<const Answer&>(answer), rows);
          }};
}

}  // namespace stockd::http
