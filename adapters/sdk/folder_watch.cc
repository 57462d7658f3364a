#include "adapters/sdk/folder_watch.h"

#include <spdlog/spdlog.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <utility>

#include <boost/asio/buffer.hpp>

#include "adapters/sdk/log.h"

namespace stockd::sdk {

FolderWatch::FolderWatch(boost::asio::io_context& context, const std::filesystem::path& folder,
                         std::chrono::milliseconds interval, std::function<void()> notice)
    : interval_(interval), notice_(std::move(notice)), events_(context), timer_(context) {
  const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd >= 0) {
    events_.assign(fd);
    if (::inotify_add_watch(fd, folder.c_str(), IN_MOVED_TO | IN_CLOSE_WRITE) >= 0) {
      WaitForEvent();
    } else {
      spdlog::warn("new files are noticed by the interval only folder={}",
                   LogValue(folder.string()));
    }
  }
  WaitForTimer();
}

void FolderWatch::WaitForEvent() {
  // What happened does not matter: the folder is listed anyway.
  events_.async_read_some(boost::asio::buffer(buffer_),
                          [this](const boost::system::error_code& error, size_t) {
                            if (error) return;
                            notice_();
                            WaitForEvent();
                          });
}

void FolderWatch::WaitForTimer() {
  timer_.expires_after(interval_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    notice_();
    WaitForTimer();
  });
}

}  // namespace stockd::sdk
