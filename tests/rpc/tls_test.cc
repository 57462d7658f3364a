// Who may connect when [tls] is set.
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "tests/rpc/daemon_fixture.h"
#include "tests/support/test_certificates.h"

namespace stockd::support {
namespace {

using grpc::StatusCode;

class Tls : public DaemonFixture {
 protected:
  // Each test starts the daemon with its own keys.
  void SetUp() override {
    const Certificate server = authority_.Issue("stockd");
    WriteFile(folder() / "server.pem", server.certificate);
    WriteFile(folder() / "server.key", server.key);
    WriteFile(folder() / "partners.pem", authority_.certificate());
    config.tls.certificate = "server.pem";
    config.tls.key = "server.key";
  }

  StatusCode StatusWith(const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    const auto stub =
        v1::OperationsService::NewStub(grpc::CreateChannel(daemon().address(), credentials));
    grpc::ClientContext context;
    context.set_deadline(CalendarNow() + kPatience);
    v1::GetStatusResponse response;
    return stub->GetStatus(&context, {}, &response).error_code();
  }
  std::shared_ptr<grpc::ChannelCredentials> Trusting(const Certificate& own = {}) const {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = authority_.certificate();
    options.pem_cert_chain = own.certificate;
    options.pem_private_key = own.key;
    return grpc::SslCredentials(options);
  }

  const TestAuthority authority_{"partners"};
};

TEST_F(Tls, EncryptsForWhoeverTrustsTheCertificate) {
  Start();
  EXPECT_EQ(StatusWith(Trusting()), StatusCode::OK);
  EXPECT_EQ(StatusWith(grpc::InsecureChannelCredentials()), StatusCode::UNAVAILABLE);
}

TEST_F(Tls, WithAClientAuthorityOnlyItsCertificatesMayCall) {
  config.tls.client_ca = "partners.pem";
  Start();
  EXPECT_EQ(StatusWith(Trusting(authority_.Issue("erp"))), StatusCode::OK);
  EXPECT_EQ(StatusWith(Trusting()), StatusCode::UNAVAILABLE);
  EXPECT_EQ(StatusWith(Trusting(TestAuthority("strangers").Issue("erp"))), StatusCode::UNAVAILABLE);
  EXPECT_EQ(StatusWith(grpc::InsecureChannelCredentials()), StatusCode::UNAVAILABLE);
}

TEST_F(Tls, AKeyThatCannotBeReadIsSaid) {
  config.tls.key = "missing.key";
  Daemon daemon(config, clock);
  EXPECT_NE(daemon.Start().find("missing.key cannot be read"), std::string::npos);
}

TEST_F(Tls, AKeyThatIsNotOfTheCertificateIsSaid) {
  WriteFile(folder() / "server.key", authority_.Issue("other").key);
  Daemon daemon(config, clock);
  EXPECT_NE(daemon.Start().find("server.key is not the private key of"), std::string::npos);
}

TEST_F(Tls, AFileThatIsNoCertificateIsSaid) {
  WriteFile(folder() / "partners.pem", "not PEM");
  config.tls.client_ca = "partners.pem";
  Daemon daemon(config, clock);
  EXPECT_NE(daemon.Start().find("partners.pem holds no certificate"), std::string::npos);
}

}  // namespace
}  // namespace stockd::support
