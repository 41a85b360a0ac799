#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace braid::get {

namespace {

using bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

bio memory() { return {BIO_new(BIO_s_mem()), &BIO_free}; }

/// "name:", what `write` puts into the BIO, and the end of the line.
template <class Write>
void add(std::string& out, const char* name, Write write) {
  const bio text = memory();
  if (!text) return;
  write(text.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  out.append(name).append(":").append(data, static_cast<std::size_t>(size)).append("\n");
}

void add_algorithm(std::string& out, const char* name, const X509_ALGOR* which) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, which);
  add(out, name, [object](BIO* to) { i2a_ASN1_OBJECT(to, object); });
}

std::string text_of(X509* of) {
  std::string out;
  const unsigned long as_one_line = XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB;
  add(out, "Subject", [&](BIO* to) { X509_NAME_print_ex(to, X509_get_subject_name(of), 0, as_one_line); });
  add(out, "Issuer", [&](BIO* to) { X509_NAME_print_ex(to, X509_get_issuer_name(of), 0, as_one_line); });
  add(out, "Version", [&](BIO* to) { BIO_printf(to, "%lx", X509_get_version(of)); });
  add(out, "Serial Number", [&](BIO* to) {
    const ASN1_INTEGER* const number = X509_get0_serialNumber(of);
    for (int i = 0; i < number->length; ++i) BIO_printf(to, "%02x", number->data[i]);
  });
  const X509_ALGOR* signature = nullptr;
  X509_get0_signature(nullptr, &signature, of);
  add_algorithm(out, "Signature Algorithm", signature);
  X509_ALGOR* key = nullptr;
  X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &key, X509_get_X509_PUBKEY(of));
  add_algorithm(out, "Public Key Algorithm", key);
  add(out, "Start date", [&](BIO* to) { ASN1_TIME_print(to, X509_get0_notBefore(of)); });
  add(out, "Expire date", [&](BIO* to) { ASN1_TIME_print(to, X509_get0_notAfter(of)); });
  return out;
}

}  // namespace

std::string certificates_text(const std::vector<std::string>& chain) {
  std::string out;
  for (const std::string& pem : chain) {
    const bio text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> one(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr),
                                                          &X509_free);
    if (one) out += text_of(one.get());
    out += pem;
  }
  return out;
}

}  // namespace braid::get
