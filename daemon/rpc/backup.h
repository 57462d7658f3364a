#pragma once

#include <grpcpp/support/status.h>

#include <filesystem>
#include <string>

#include "daemon/storage/reader.h"
#include "stockd/v1/operations_service.pb.h"

namespace stockd::rpc {

// Whether a file of this name may be written into the backup directory: INVALID_ARGUMENT for
// anything but a plain name.
grpc::Status CheckBackupName(const std::string& file_name);

// Copies the database into `directory`, made when missing, as `file_name`. The file gets this name
// only when it is complete and on disk, so a copy that was cut short is never taken for a good one.
// ALREADY_EXISTS (BACKUP_EXISTS) or FAILED_PRECONDITION (BACKUP_FAILED) else. Blocks while it
// copies. One at a time.
grpc::Status RunBackup(storage::Reader& reader, const std::filesystem::path& directory,
                       const std::string& file_name, v1::BackupResponse& response);

}  // namespace stockd::rpc
