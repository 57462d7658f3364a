// Figures of stock as a table.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include "daemon/ctl/command.h"
#include "stockd/v1/types.pb.h"

namespace stockd::ctl {

// Which columns are worth their room.
struct AvailabilityColumns {
  bool sku = true;
  bool group = false;
  bool buffer = false;
  bool distance = false;
};

void PrintAvailabilities(const Session& session,
                         const google::protobuf::RepeatedPtrField<v1::Availability>& rows,
                         AvailabilityColumns columns);

}  // namespace stockd::ctl
