// Notices new files at once where the system tells, and at the latest after an interval.
#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace stockd::sdk {

// Runs on the io_context's thread. Without inotify (or on a network file system, where it is
// silent) the interval alone counts.
class FolderWatch {
 public:
  FolderWatch(boost::asio::io_context& context, const std::filesystem::path& folder,
              std::chrono::milliseconds interval, std::function<void()> notice);

 private:
  void WaitForEvent();
  void WaitForTimer();

  std::chrono::milliseconds interval_;
  std::function<void()> notice_;
  boost::asio::posix::stream_descriptor events_;
  boost::asio::steady_timer timer_;
  std::array<char, 4096> buffer_{};
};

}  // namespace stockd::sdk
