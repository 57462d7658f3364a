// The HTTP port under [tls].
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <memory>

#include "tests/http/http_client.h"
#include "tests/rpc/daemon_fixture.h"
#include "tests/support/process_clock.h"
#include "tests/support/temp_directory.h"
#include "tests/support/test_certificates.h"

namespace stockd::support {
namespace {

class HttpTls : public DaemonFixture {
 protected:
  void SetUp() override {
    const Certificate server = authority_.Issue("stockd");
    WriteFile(folder() / "server.pem", server.certificate);
    WriteFile(folder() / "server.key", server.key);
    WriteFile(folder() / "partners.pem", authority_.certificate());
    WriteFile(folder() / "trusted.pem", authority_.certificate());
    config.http.listen = "127.0.0.1:0";
    config.tls.certificate = "server.pem";
    config.tls.key = "server.key";
  }

  // What /healthz answers over TLS; empty without an understanding.
  std::string Ask(const Certificate& own = {}) {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
        SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_load_verify_locations(context.get(), (folder() / "trusted.pem").c_str(), nullptr);
    if (!own.key.empty()) {
      WriteFile(folder() / "own.pem", own.certificate);
      WriteFile(folder() / "own.key", own.key);
      SSL_CTX_use_certificate_chain_file(context.get(), (folder() / "own.pem").c_str());
      SSL_CTX_use_PrivateKey_file(context.get(), (folder() / "own.key").c_str(), SSL_FILETYPE_PEM);
    }
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new_ssl_connect(context.get()),
                                                            BIO_free_all);
    BIO_set_conn_hostname(bio.get(), daemon().http_address().c_str());
    if (BIO_do_connect(bio.get()) != 1) return {};
    const std::string request =
        "GET /healthz HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n\r\n";
    BIO_write(bio.get(), request.data(), static_cast<int>(request.size()));
    std::string answer;
    char piece[4096];
    for (int count = 0; (count = BIO_read(bio.get(), piece, sizeof piece)) > 0;) {
      answer.append(piece, static_cast<size_t>(count));
    }
    return answer;
  }
  static bool IsAnswer(const std::string& answer) {
    return answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n");
  }

  const TestAuthority authority_{"partners"};
};

TEST_F(HttpTls, EncryptsForWhoeverTrustsTheCertificate) {
  Start();
  EXPECT_TRUE(IsAnswer(Ask()));
  HttpConnection plain(daemon().http_address());
  EXPECT_EQ(plain.Call("GET", "/healthz").status, 0);
  EXPECT_TRUE(IsAnswer(Ask()));
}

TEST_F(HttpTls, WithAClientAuthorityOnlyItsCertificatesMayCall) {
  config.tls.client_ca = "partners.pem";
  Start();
  EXPECT_TRUE(IsAnswer(Ask(authority_.Issue("erp"))));
  EXPECT_FALSE(IsAnswer(Ask()));
  EXPECT_FALSE(IsAnswer(Ask(TestAuthority("strangers").Issue("erp"))));
}

TEST_F(HttpTls, WhoDoesNotBeginEncryptionIsCutOff) {
  config.http.header_timeout = std::chrono::milliseconds(200);
  Start();
  HttpConnection silent(daemon().http_address());
  EXPECT_TRUE(silent.WaitForClose());
}

}  // namespace
}  // namespace stockd::support
