#include "daemon/storage/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "daemon/base/random.h"

namespace stockd::storage {
namespace {

// A file descriptor that is closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return descriptor_; }
  bool ok() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

Status Cannot(const std::string& doing, const std::string& path) {
  return {"Could not " + doing + " the key file \"" + path + "\": " + std::strerror(errno) + "."};
}

// Writes the key under another name first, so that the file is whole as soon as it is there.
Status Create(const std::string& path, KeyFile& file) {
  FillWithSecretBytes(file.key);
  file.created = true;
  const std::string partial = path + ".partial";
  unlink(partial.c_str());
  {
    const Descriptor made(open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!made.ok()) return Cannot("make", partial);
    if (write(made.get(), file.key.data(), file.key.size()) !=
        static_cast<ssize_t>(file.key.size())) {
      return Cannot("write", partial);
    }
    if (fsync(made.get()) != 0) return Cannot("sync", partial);
  }
  if (rename(partial.c_str(), path.c_str()) != 0) return Cannot("make", path);
  // A bare name has no folder: it stands in the current one.
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  const Descriptor folder(
      open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok() || fsync(folder.get()) != 0) return Cannot("sync the folder of", path);
  return {};
}

Status Read(int descriptor, const std::string& path, KeyFile& file) {
  struct stat found{};
  if (fstat(descriptor, &found) != 0) return Cannot("look at", path);
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return {"Others than its owner may use the key file \"" + path +
            "\", from which pick-up codes are made. Run chmod 600 on it; if somebody may have read "
            "it, remove it instead: then a new key is made, and codes that customers have must be "
            "issued again."};
  }
  std::array<uint8_t, sizeof(SecretKey) + 1> bytes{};
  const ssize_t size = read(descriptor, bytes.data(), bytes.size());
  if (size < 0) return Cannot("read", path);
  if (size != static_cast<ssize_t>(file.key.size())) {
    return {"The key file \"" + path +
            "\" is damaged: it is not 32 bytes long. Restore it; or remove it: then a new key is "
            "made, and codes that customers have must be issued again."};
  }
  std::copy_n(bytes.begin(), file.key.size(), file.key.begin());
  return {};
}

}  // namespace

std::string KeyPath(const std::string& database_path) { return database_path + ".key"; }

Status OpenKeyFile(const std::string& path, KeyFile& file) {
  const Descriptor found(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (found.ok()) return Read(found.get(), path, file);
  if (errno != ENOENT) return Cannot("open", path);
  return Create(path, file);
}

}  // namespace stockd::storage
