#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/net/tls_options.hpp>
#include <map>
#include <mutex>

#include "tls_context.hpp"

namespace braid::net {

tls_options::tls_options() {
  // Options nobody changed share one context, and the authorities are read once.
  static const auto defaults = std::make_shared<settings>();
  settings_ = defaults;
}

tls_options::settings& tls_options::own() {
  settings_ = std::make_shared<settings>(*settings_);  // never in place: the old ones may be loaded and in use
  return *settings_;
}

tls_options& tls_options::verify(bool on) {
  own().verify = on;
  return *this;
}

tls_options& tls_options::ca_file(std::string path) {
  own().ca_file = std::move(path);
  return *this;
}

tls_options& tls_options::ca_path(std::string folder) {
  own().ca_path = std::move(folder);
  return *this;
}

tls_options& tls_options::revocation_list(std::string file) {
  own().crl_file = std::move(file);
  return *this;
}

tls_options& tls_options::client_ca(std::string file) {
  own().client_ca = std::move(file);
  return *this;
}

tls_options& tls_options::pinned_keys(std::string_view keys) {
  constexpr std::string_view kind = "sha256//";
  constexpr std::size_t digits = 44;  // of 32 bytes in base64
  std::vector<std::string> pins;
  while (!keys.empty()) {
    const std::string_view one = keys.substr(0, keys.find(';'));
    if (!one.starts_with(kind) || one.size() != kind.size() + digits) {
      throw invalid_argument("'" + std::string(one) + "' is no pinned key: sha256//, then 44 characters of base64");
    }
    pins.emplace_back(one.substr(kind.size()));
    keys.remove_prefix(std::min(keys.size(), one.size() + 1));
  }
  own().pins = std::move(pins);
  return *this;
}

tls_options& tls_options::certificate(std::string chain_file, std::string key_file, std::string password) {
  settings& mine = own();
  mine.key_password = std::move(password);
  mine.chain_file = std::move(chain_file);
  mine.key_file = std::move(key_file);
  return *this;
}

tls_options& tls_options::min_version(tls_version version) {
  own().min_version = version;
  return *this;
}

tls_options& tls_options::max_version(tls_version version) {
  own().max_version = version;
  return *this;
}

tls_options& tls_options::ciphers(std::string names) {
  own().ciphers = std::move(names);
  return *this;
}

tls_options& tls_options::ciphers_1_3(std::string names) {
  own().ciphers_1_3 = std::move(names);
  return *this;
}

tls_options& tls_options::resumption(bool on) {
  own().resume = on;
  return *this;
}

tls_options& tls_options::alpn(std::vector<std::string> protocols) {
  std::string wire;
  for (const std::string& name : protocols) {
    if (name.empty() || name.size() > 255)
      throw invalid_argument("ALPN name of " + std::to_string(name.size()) + " bytes");
    wire += static_cast<char>(name.size());
    wire += name;
  }
  if (settings_ == tls_options().settings_) {
    // What only names its protocols shares what is loaded, as those do that change nothing.
    static std::mutex mutex;
    static std::map<std::string, std::shared_ptr<settings>> known;
    const std::lock_guard lock(mutex);
    std::shared_ptr<settings>& shared = known[wire];
    if (!shared) {
      shared = std::make_shared<settings>(*settings_);
      shared->alpn = std::move(protocols);
      shared->alpn_wire = std::move(wire);
    }
    settings_ = shared;
    return *this;
  }
  settings& mine = own();
  mine.alpn = std::move(protocols);
  mine.alpn_wire = std::move(wire);
  return *this;
}

bool tls_options::verify() const noexcept { return settings_->verify; }
const std::string& tls_options::ca_file() const noexcept { return settings_->ca_file; }
bool tls_options::has_certificate() const noexcept { return !settings_->chain_file.empty(); }
bool tls_options::has_pins() const noexcept { return !settings_->pins.empty(); }
const std::vector<std::string>& tls_options::alpn() const noexcept { return settings_->alpn; }

}  // namespace braid::net
