// The questions to SqliteReader that read the whole database.
#include "daemon/storage/auditor.h"
#include "daemon/storage/backup.h"
#include "daemon/storage/read_transaction.h"
#include "daemon/storage/sqlite_reader.h"

namespace stockd::storage {

Audit SqliteReader::Verify(int differences_max) {
  const ReaderPool::Lease lease = pool_.Borrow();
  const ReadTransaction transaction(*lease, path_);
  return Auditor(*lease, path_, differences_max).Run();
}

Status SqliteReader::Backup(const std::string& path, Sequence& sequence, int64_t& size_bytes) {
  const ReaderPool::Lease lease = pool_.Borrow();
  try {
    return BackUp(*lease, path_, path, vfs_name_, sequence, size_bytes);
  } catch (const ReadError& error) {
    return {error.what()};
  }
}

}  // namespace stockd::storage
