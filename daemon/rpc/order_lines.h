#pragma once

#include <google/protobuf/repeated_ptr_field.h>
#include <grpcpp/support/status.h>

#include <string>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/fulfilment/order_commands.h"
#include "stockd/v1/order_service.pb.h"

namespace stockd::rpc {

// The lines of an order to place. A line about a bundle becomes one for each of its parts.
class OrderLines {
 public:
  // Checks the shape of the lines, looks their items up and puts parts in the place of bundles.
  //   kTooManyLines: more than `lines_max`, counted afterwards. kQuantityOutOfRange: of a part.
  static grpc::Status Parse(const google::protobuf::RepeatedPtrField<v1::OrderLineRequest>& asked,
                            size_t lines_max, const engine::Engine& engine, OrderLines& lines);

  const std::vector<fulfilment::OrderLine>& lines() const { return lines_; }
  size_t asked_count() const { return asked_.size(); }

  // The place of the line that the caller calls so among those asked for; -1: there is none.
  int Find(const std::string& line_id) const;
  Quantity QuantityAsked(int asked) const { return asked_[static_cast<size_t>(asked)].quantity; }
  // So many units of a line that was asked for, in those it became.
  void AddParts(int asked, Quantity quantity, std::vector<fulfilment::PlacePart>& parts) const;

 private:
  // A line as it was asked for: [first, first + count) of `lines_`.
  struct Asked {
    std::string line_id;
    Quantity quantity = 0;
    int first = 0;
    std::vector<Quantity> of_each;  // Units of each of those in one unit of this one.
  };

  std::vector<fulfilment::OrderLine> lines_;
  std::vector<Asked> asked_;
};

}  // namespace stockd::rpc
