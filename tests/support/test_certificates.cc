#include "tests/support/test_certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <atomic>
#include <memory>
#include <stdexcept>

#include <openssl/x509v3.h>

namespace stockd::support {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using X509Pointer = std::unique_ptr<X509, Freed<X509_free>>;
using BioPointer = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using ExtensionPointer = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

void Require(bool worked, const char* what) {
  if (!worked) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const auto size = static_cast<size_t>(BIO_get_mem_data(bio, &data));
  return {data, size};
}

BioPointer Reading(const std::string& text) {
  return BioPointer(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

void AddExtension(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const ExtensionPointer extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  Require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

X509Pointer NewCertificate(const std::string& name, EVP_PKEY* key) {
  static std::atomic<long> serial = 1;
  X509Pointer certificate(X509_new());
  X509_set_version(certificate.get(), 2);  // Version 3.
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial.fetch_add(1));
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

Certificate ToPem(X509* certificate, EVP_PKEY* key) {
  const BioPointer certificate_text(BIO_new(BIO_s_mem()));
  const BioPointer key_text(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_X509(certificate_text.get(), certificate) == 1, "write certificate");
  Require(PEM_write_bio_PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "write key");
  return {.certificate = TextOf(certificate_text.get()), .key = TextOf(key_text.get())};
}

Key NewKey() {
  Key key(EVP_EC_gen("P-256"));
  Require(key != nullptr, "make a key");
  return key;
}

}  // namespace

TestAuthority::TestAuthority(const std::string& name) {
  const Key key = NewKey();
  const X509Pointer certificate = NewCertificate(name, key.get());
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  AddExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  Require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "sign");
  own_ = ToPem(certificate.get(), key.get());
}

Certificate TestAuthority::Issue(const std::string& name) const {
  const X509Pointer issuer(
      PEM_read_bio_X509(Reading(own_.certificate).get(), nullptr, nullptr, nullptr));
  const Key issuer_key(PEM_read_bio_PrivateKey(Reading(own_.key).get(), nullptr, nullptr, nullptr));
  Require(issuer != nullptr && issuer_key != nullptr, "read the authority");
  const Key key = NewKey();
  const X509Pointer certificate = NewCertificate(name, key.get());
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  AddExtension(certificate.get(), issuer.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
  AddExtension(certificate.get(), issuer.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  Require(X509_sign(certificate.get(), issuer_key.get(), EVP_sha256()) > 0, "sign");
  return ToPem(certificate.get(), key.get());
}

}  // namespace stockd::support
