#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/csv_writer.h"

namespace stockd::http {

// How the answers of one method are shown as CSV, at GET /csv/v1/<name>?field=value&...: the query
// fills the request. A method with page_size, page_token and next_page_token is asked on until its
// last page, a method that streams is read to its end.
struct CsvForm {
  std::string name;    // "availability"
  std::string method;  // "/stockd.v1.AvailabilityService/ListAvailability"
  // Names of the columns of the answers to a request.
  std::function<std::vector<std::string>(const google::protobuf::Message& request)> columns;
  // Appends the rows of an answer; each has as many fields as there are columns.
  std::function<void(const google::protobuf::Message& answer, CsvWriter& rows)> write;
};

// For a method whose answers are of type Answer and whose columns depend on the request.
template <typename Request, typename Answer, typename Columns, typename Write>
CsvForm MakeCsvFormByRequest(std::string name, std::string method, Columns columns, Write write) {
  return {.name = std::move(name),
          .method = std::move(method),
          .columns =
              [columns](const google::protobuf::Message& request) {
                return columns(static_cast<const Request&>(request));
              },
          .write = [write](const google::protobuf::Message& answer,
                           CsvWriter& rows) { write(static_cast<const Answer&>(answer), rows); }};
}

// For a method whose answers are of type Answer.
template <typename Answer, typename Write>
CsvForm MakeCsvForm(std::string name, std::string method, std::vector<std::string> columns,
                    Write write) {
  return {.name = std::move(name),
          .method = std::move(method),
          .columns = [columns =
                          std::move(columns)](const google::protobuf::Message&) { return columns; },
          .write = [write](const google::protobuf::Message& answer,
                           CsvWriter& rows) { write(static_cast<const Answer&>(answer), rows); }};
}

}  // namespace stockd::http
