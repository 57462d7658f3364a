#include "daemon/rpc/tls_files.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <fstream>
#include <memory>

namespace stockd::rpc {
namespace {

struct Freed {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

bool Readable(const std::string& path) { return std::ifstream(path, std::ios::binary).good(); }

std::string NotPem(const std::string& path, const std::string& what) {
  return path + " holds no " + what + " in PEM form. Check [tls].";
}

}  // namespace

std::string CheckTlsFiles(const config::TlsConfig& tls) {
  if (tls.certificate.empty()) return {};
  for (const std::string* path : {&tls.certificate, &tls.key, &tls.client_ca}) {
    if (!path->empty() && !Readable(*path)) {
      return *path + " cannot be read. Check [tls] and who may read the file.";
    }
  }
  const std::unique_ptr<SSL_CTX, Freed> context(SSL_CTX_new(TLS_server_method()));
  std::string error;
  if (SSL_CTX_use_certificate_chain_file(context.get(), tls.certificate.c_str()) != 1) {
    error = NotPem(tls.certificate, "certificate");
  } else if (SSL_CTX_use_PrivateKey_file(context.get(), tls.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    // Also says no when the key belongs to another certificate.
    error = tls.key + " is not the private key of " + tls.certificate + ". Check [tls].";
  } else if (!tls.client_ca.empty() &&
             SSL_CTX_load_verify_locations(context.get(), tls.client_ca.c_str(), nullptr) != 1) {
    error = NotPem(tls.client_ca, "certificate");
  }
  ERR_clear_error();
  return error;
}

}  // namespace stockd::rpc
