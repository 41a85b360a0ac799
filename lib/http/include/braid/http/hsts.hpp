#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <braid/core/clock.hpp>
#include <braid/core/url.hpp>
#include <braid/http/headers.hpp>

// HTTP Strict Transport Security (RFC 6797): hosts that are to be spoken to over TLS only.

namespace braid::http {

/// A Strict-Transport-Security field.
struct hsts_policy {
  std::chrono::seconds max_age{};
  bool subdomains = false;

  hsts_policy() = default;
};

/// Nothing for a field that is to be ignored as a whole: no max-age, a directive twice, broken grammar (RFC 6797, 6.1).
std::optional<hsts_policy> parse_hsts(std::string_view field);

/// How much a store holds.
struct hsts_limits {
  std::size_t hosts = 10'000;                             ///< over it those go first that end first
  std::chrono::seconds max_age = std::chrono::days(730);  ///< longer ones are cut down

  hsts_limits() = default;
};

/// Which hosts have asked for TLS. A client that has one turns http into https before it connects, on redirects too.
///
///     http::client_options options;
///     options.hsts = std::make_shared<http::hsts_store>();
///
/// Addresses are never hosts of it. A trailing dot makes no difference: "example.org." is "example.org".
/// Threads: shared; each function locks, so that one store may serve clients on any contexts.
class hsts_store {
 public:
  explicit hsts_store(hsts_limits limits = {});

  /// Takes what a response from `from` asks for: of several fields the first. Only https counts; the caller sees to it
  /// that the certificate has been verified.
  void learn(const url& from, const headers& response, wall_time now);
  void add(std::string_view host, const hsts_policy& policy, wall_time now);

  /// True when this host, or one above it for all below, is to be spoken to over TLS.
  bool covers(std::string_view host, wall_time now) const;
  /// The URL of https instead of http, with 443 for 80, where the host is covered.
  url secured(const url& to, wall_time now) const;

  std::size_t size() const;

  /// Adds the hosts of a file as curl's --hsts has it; of those that are known, what lasts longer. Lines that say
  /// nothing understandable are passed over. Returns how many were taken.
  std::size_t import_curl(std::string_view text, wall_time now);
  /// The store as such a file.
  std::string export_curl(wall_time now) const;

  /// import_curl() of a file; one that is not there is empty. Throws: io_error.
  void load(const std::filesystem::path& file, wall_time now);
  /// export_curl() into a file, which is replaced as a whole. Throws: io_error.
  void save(const std::filesystem::path& file, wall_time now) const;

 private:
  struct entry {
    wall_time expires{};
    bool subdomains = false;
  };

  void keep(std::string host, const entry& what);

  mutable std::mutex mutex_;
  hsts_limits limits_;
  std::map<std::string, entry, std::less<>> hosts_;
};

}  // namespace braid::http
