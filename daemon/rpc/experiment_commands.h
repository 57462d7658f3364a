#pragma once

#include <grpcpp/support/status.h>

#include <string>
#include <vector>

#include "daemon/engine/unit_of_work.h"
#include "daemon/storage/experiment_row.h"

namespace stockd::rpc {

// Limits; see proto/stockd/v1/experiment_service.proto.
inline constexpr size_t kSubjectsMin = 4;
inline constexpr size_t kSubjectsMax = 10'000;
inline constexpr size_t kRunningMax = 20;
inline constexpr int64_t kSafetyStockMax = 1'000'000;
inline constexpr int64_t kHoldDaysMax = 30;

// What is to be started: names are looked up when it is applied, in the order of all commands.
struct StatedExperiment {
  storage::Experiment row;  // Without subjects.
  std::vector<std::string> skus;
};

// What a command came to. When `refusal` is not OK nothing changed.
struct ExperimentResult {
  grpc::Status refusal;
  storage::Experiment experiment{};
  int32_t left_alone = 0;
};

// On the writer thread; see the calls of ExperimentService.
ExperimentResult StartExperiment(engine::UnitOfWork& unit, StatedExperiment stated);
ExperimentResult EndExperiment(engine::UnitOfWork& unit, const std::string& id);

}  // namespace stockd::rpc
