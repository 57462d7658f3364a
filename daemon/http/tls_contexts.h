#pragma once

#include <memory>
#include <string>

#include "daemon/config/config.h"

namespace boost::asio::ssl {
class context;
}

namespace stockd::http {

// The certificate, key and client authority of the files, for connections that begin. Looks at the
// files now and then: a renewed certificate needs no restart. Belongs to one thread.
class TlsContexts {
 public:
  // REQUIRES: the files can serve (rpc::CheckTlsFiles).
  explicit TlsContexts(config::TlsConfig files);
  ~TlsContexts();

  // For the next connection.
  std::shared_ptr<boost::asio::ssl::context> Current() const { return current_; }
  // Reads the files again when one of them changed; what cannot serve is left alone.
  void Refresh();

 private:
  std::string Stamp() const;

  const config::TlsConfig files_;
  std::string stamp_;
  std::shared_ptr<boost::asio::ssl::context> current_;
};

}  // namespace stockd::http
