#include "daemon/http/tls_contexts.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <utility>

#include <boost/asio/ssl/context.hpp>
#include <boost/system/system_error.hpp>

#include "daemon/rpc/tls_files.h"

namespace stockd::http {
namespace {

namespace ssl = boost::asio::ssl;

// Throws when a file cannot serve.
std::shared_ptr<ssl::context> Load(const config::TlsConfig& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_options(ssl::context::no_compression);
  context->use_certificate_chain_file(files.certificate);
  context->use_private_key_file(files.key, ssl::context::pem);
  if (!files.client_ca.empty()) {
    context->load_verify_file(files.client_ca);
    context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  }
  return context;
}

}  // namespace

TlsContexts::TlsContexts(config::TlsConfig files)
    : files_(std::move(files)), stamp_(Stamp()), current_(Load(files_)) {}

TlsContexts::~TlsContexts() = default;

std::string TlsContexts::Stamp() const {
  std::string stamp;
  for (const std::string* path : {&files_.certificate, &files_.key, &files_.client_ca}) {
    std::error_code error;
    const auto written = std::filesystem::last_write_time(*path, error);
    stamp += std::to_string(error ? 0 : written.time_since_epoch().count()) + " ";
  }
  return stamp;
}

void TlsContexts::Refresh() {
  std::string stamp = Stamp();
  if (stamp == stamp_) return;
  stamp_ = std::move(stamp);
  if (const std::string problem = rpc::CheckTlsFiles(files_); !problem.empty()) {
    spdlog::warn("certificate files changed but cannot serve, the old ones stay problem=\"{}\"",
                 problem);
    return;
  }
  try {
    current_ = Load(files_);
    spdlog::info("certificate files read again");
  } catch (const boost::system::system_error& error) {
    spdlog::warn("certificate files changed but cannot serve, the old ones stay problem=\"{}\"",
                 error.what());
  }
}

}  // namespace stockd::http
