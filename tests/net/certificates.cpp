#include "certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <braid/core/base64.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace net_test {

namespace {

struct free_openssl {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(X509_CRL* list) const { X509_CRL_free(list); }
  void operator()(ASN1_TIME* time) const { ASN1_TIME_free(time); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using certificate = std::unique_ptr<X509, free_openssl>;
using private_key = std::unique_ptr<EVP_PKEY, free_openssl>;
using file = std::unique_ptr<std::FILE, free_openssl>;

constexpr long day = 24 * 3600;

private_key make_key() { return private_key(EVP_EC_gen("P-256")); }

void extend(X509* to, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, free_openssl> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  if (!extension || X509_add_ext(to, extension.get(), -1) != 1) throw std::runtime_error("extension " + value);
}

/// Without an issuer it is signed by itself.
certificate make(const std::string& name, const std::string& alternatives, EVP_PKEY* key, X509* issuer,
                 EVP_PKEY* issuer_key, long from, long to) {
  static long serial = 1;
  certificate made(X509_new());
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), to);
  X509_set_pubkey(made.get(), key);
  X509_NAME* subject = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(made.get(), issuer != nullptr ? X509_get_subject_name(issuer) : subject);
  X509* const above = issuer != nullptr ? issuer : made.get();
  extend(made.get(), above, NID_basic_constraints, alternatives.empty() ? "critical,CA:TRUE" : "CA:FALSE");
  if (!alternatives.empty()) extend(made.get(), above, NID_subject_alt_name, alternatives);
  X509_sign(made.get(), issuer_key != nullptr ? issuer_key : key, EVP_sha256());
  return made;
}

/// Instead of its alternative names, one with a zero byte in its middle.
void name_with_zero(X509* made, const std::string& front, const std::string& back, EVP_PKEY* issuer_key) {
  const std::string text = front + '\0' + back;
  ASN1_IA5STRING* const bytes = ASN1_IA5STRING_new();
  ASN1_STRING_set(bytes, text.data(), static_cast<int>(text.size()));
  GENERAL_NAME* const one = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(one, GEN_DNS, bytes);
  GENERAL_NAMES* const names = GENERAL_NAMES_new();
  sk_GENERAL_NAME_push(names, one);
  X509_add1_ext_i2d(made, NID_subject_alt_name, names, 0, X509V3_ADD_REPLACE);
  GENERAL_NAMES_free(names);
  X509_sign(made, issuer_key, EVP_sha256());
}

void save(const std::string& path, X509* made) {
  const file out(std::fopen(path.c_str(), "w"));
  PEM_write_X509(out.get(), made);
}

void append(const std::string& path, X509* made) {
  const file out(std::fopen(path.c_str(), "a"));
  PEM_write_X509(out.get(), made);
}

certificate load(const std::string& path) {
  const file in(std::fopen(path.c_str(), "r"));
  return certificate(PEM_read_X509(in.get(), nullptr, nullptr, nullptr));
}

/// A list of the authority's that names one certificate.
void save_revocations(const std::string& path, X509* authority, EVP_PKEY* authority_key, const std::string& of) {
  const std::unique_ptr<X509_CRL, free_openssl> list(X509_CRL_new());
  const std::unique_ptr<ASN1_TIME, free_openssl> begin(X509_gmtime_adj(nullptr, -day));
  const std::unique_ptr<ASN1_TIME, free_openssl> end(X509_gmtime_adj(nullptr, 30 * day));
  X509_CRL_set_version(list.get(), 1);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(authority));
  X509_CRL_set1_lastUpdate(list.get(), begin.get());
  X509_CRL_set1_nextUpdate(list.get(), end.get());
  X509_REVOKED* const one = X509_REVOKED_new();
  X509_REVOKED_set_serialNumber(one, X509_get_serialNumber(load(of).get()));
  X509_REVOKED_set_revocationDate(one, begin.get());
  X509_CRL_add0_revoked(list.get(), one);
  X509_CRL_sign(list.get(), authority_key, EVP_sha256());
  const file out(std::fopen(path.c_str(), "w"));
  PEM_write_X509_CRL(out.get(), list.get());
}

void save_locked(const std::string& path, const std::string& plain, const std::string& password) {
  const file in(std::fopen(plain.c_str(), "r"));
  const private_key key(PEM_read_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  const file out(std::fopen(path.c_str(), "w"));
  PEM_write_PrivateKey(out.get(), key.get(), EVP_aes_128_cbc(), reinterpret_cast<const unsigned char*>(password.data()),
                       static_cast<int>(password.size()), nullptr, nullptr);
}

void save(const std::string& path, EVP_PKEY* key) {
  const file out(std::fopen(path.c_str(), "w"));
  PEM_write_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
}

}  // namespace

certificates::certificates() {
  std::string name = (std::filesystem::temp_directory_path() / "braid-net-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  folder_ = name;

  const private_key ca_key = make_key();
  const certificate authority = make("Test authority", "", ca_key.get(), nullptr, nullptr, -day, 30 * day);
  save(ca(), authority.get());
  const auto issue = [&](const std::string& file_name, const std::string& alternatives, long from, long to, bool self) {
    const private_key own = make_key();
    const certificate made = make(file_name, alternatives, own.get(), self ? nullptr : authority.get(),
                                  self ? nullptr : ca_key.get(), from, to);
    if (file_name == "zero") name_with_zero(made.get(), "localhost", ".evil.example", ca_key.get());
    save(chain(file_name), made.get());
    save(key(file_name), own.get());
  };
  const auto issue_below = [&](const std::string& file_name, const std::string& alternatives, bool whole) {
    const private_key middle_key = make_key(), own = make_key();
    const certificate middle = make("Test middle", "", middle_key.get(), authority.get(), ca_key.get(), -day, 30 * day);
    const certificate made = make(file_name, alternatives, own.get(), middle.get(), middle_key.get(), -day, 30 * day);
    save(chain(file_name), made.get());
    save(key(file_name), own.get());
    if (whole) append(chain(file_name), middle.get());
  };
  const std::string here = "DNS:localhost,DNS:*.example.org,IP:127.0.0.1";
  issue("good", here, -day, 30 * day, false);
  issue("other", "DNS:other.example.com", -day, 30 * day, false);
  issue("expired", here, -400 * day, -35 * day, false);
  issue("self", here, -day, 30 * day, true);
  issue("wild", "DNS:*,DNS:*.0.0.1,DNS:*.0.0.*,DNS:x*.example.org,DNS:*host,DNS:a.*.example.org", -day, 30 * day,
        false);
  issue("zero", "DNS:evil.example", -day, 30 * day, false);
  issue("revoked", here, -day, 30 * day, false);
  issue_below("chained", here, true);
  issue_below("incomplete", here, false);
  save_revocations(crl(), authority.get(), ca_key.get(), chain("revoked"));
  save_locked(key("locked"), key("good"), "pass");
}

std::string certificates::pin(const std::string& name) const {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(load(chain(name)).get()), &der);
  unsigned char digest[32];
  EVP_Digest(der, static_cast<std::size_t>(size), digest, nullptr, EVP_sha256(), nullptr);
  OPENSSL_free(der);
  return "sha256//" + braid::base64({reinterpret_cast<const char*>(digest), sizeof digest});
}

certificates::~certificates() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

const certificates& certificates::shared() {
  static const certificates made;
  return made;
}

}  // namespace net_test
