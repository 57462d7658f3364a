#include "daemon/rpc/row_checks.h"

#include "daemon/rpc/status.h"

namespace stockd::rpc {

std::string Path::Of(std::string_view field) const {
  std::string path = std::string(list) + "[" + std::to_string(index) + "]";
  if (!field.empty()) path += "." + std::string(field);
  return path;
}

grpc::Status FirstOf(std::initializer_list<grpc::Status> checks) {
  for (const grpc::Status& status : checks) {
    if (!status.ok()) return status;
  }
  return grpc::Status::OK;
}

grpc::Status CheckRowCount(std::string_view list, int count, int max) {
  if (count >= 1 && count <= max) return grpc::Status::OK;
  return InvalidField(list,
                      "needs 1 to " + std::to_string(max) + " rows, has " + std::to_string(count));
}

grpc::Status CheckRange(const Path& path, std::string_view field, int64_t value, int64_t max) {
  if (value >= 0 && value <= max) return grpc::Status::OK;
  return InvalidField(path.Of(field), "is not from 0 to " + std::to_string(max));
}

grpc::Status EachOnce::Check(const Path& path, std::string_view field, std::string_view id) {
  if (seen_.insert(absl::string_view(id.data(), id.size())).second) return grpc::Status::OK;
  return InvalidField(path.Of(field), "appears twice in the request");
}

}  // namespace stockd::rpc
