#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/http/calls.h"
#include "daemon/http/csv_forms.h"
#include "daemon/http/exchange.h"

namespace stockd::http {

// Answers GET /csv/v1/... page by page, so that a file of any length costs the memory of one page.
// Thread-safe.
class CsvEndpoint {
 public:
  static constexpr std::string_view kFolder = "/csv/v1/";

  // Both outlive it.
  CsvEndpoint(Calls& calls, Methods& methods, std::vector<CsvForm> forms)
      : calls_(calls), methods_(methods), forms_(std::move(forms)) {}

  // `headers` go into the response. REQUIRES: the path lies in the folder.
  boost::asio::awaitable<void> Serve(Exchange& exchange, std::string headers);

 private:
  boost::asio::awaitable<void> ServeStream(Exchange& exchange, const CsvForm& form,
                                           const Method& method,
                                           const google::protobuf::Message& request,
                                           std::string headers);

  // Fills the request from the query; its first field that cannot be is said.
  static CallStatus FillRequest(const Request& request, google::protobuf::Message& message);

  Calls& calls_;
  Methods& methods_;
  const std::vector<CsvForm> forms_;
};

}  // namespace stockd::http
