#include "access.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <braid/core/base64.hpp>
#include <braid/core/error.hpp>
#include <charconv>
#include <chrono>
#include <cmath>

namespace braid::serve {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> out;
  for (std::size_t at = line.find_first_not_of(" \t\r"); at != line.npos;) {
    const auto end = std::min(line.find_first_of(" \t\r", at), line.size());
    out.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(" \t\r", end);
  }
  return out;
}

template <class T>
bool read_number(std::string_view text, T& into) {
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, into);
  return error == std::errc() && stop == end;
}

token_entry entry_of(const std::vector<std::string_view>& words) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (words.size() < 2) throw invalid_argument("expected NAME SHA256 [rate=R] [quota=N]");
  token_entry out;
  out.name = words[0];
  out.hash = words[1];
  if (out.hash.size() != 64 || !std::all_of(out.hash.begin(), out.hash.end(), is_hex)) {
    throw invalid_argument("expected a SHA-256 of 64 small hexadecimal digits after the name");
  }
  for (std::size_t i = 2; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    const auto name = words[i].substr(0, equals);
    const auto value = equals == std::string_view::npos ? std::string_view() : words[i].substr(equals + 1);
    bool good = false;
    if (name == "rate") good = read_number(value, out.rate) && std::isfinite(out.rate) && out.rate > 0;
    if (name == "quota") good = read_number(value, out.quota) && out.quota > 0;
    if (!good) throw invalid_argument("\"" + std::string(words[i]) + "\": expected rate=TASKS/S or quota=TASKS/DAY");
  }
  return out;
}

constexpr std::int64_t seconds_of_day = 24 * 3600;

fault too_many(std::string message, std::int64_t retry_after) {
  fault out(429, "rate_limited", std::move(message));
  out.retry_after = retry_after;
  return out;
}

/// The scheme is the same in every case (RFC 9110, 11.1).
bool is_bearer(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return header.size() > scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), header.begin(), [&](char a, char b) { return a == small(b); });
}

}  // namespace

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, 32> out{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), out.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw io_error("SHA-256 is not available");
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const auto byte : out) {
    hex += digits[byte >> 4U];
    hex += digits[byte & 15U];
  }
  return hex;
}

std::vector<token_entry> parse_tokens(std::string_view text) {
  std::vector<token_entry> out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto words = words_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (words.empty() || words[0].starts_with('#')) continue;
    try {
      auto entry = entry_of(words);
      for (const auto& other : out) {
        if (other.name == entry.name || other.hash == entry.hash) throw invalid_argument("is there already");
      }
      out.push_back(std::move(entry));
    } catch (const invalid_argument& e) {
      throw invalid_argument("line " + std::to_string(number) + ": " + e.what());
    }
  }
  return out;
}

fresh_token make_token(std::string_view name) {
  if (name.empty() || name.find_first_of(" \t\r\n#") != name.npos) {
    throw invalid_argument("a token's name is one word without '#'");
  }
  std::array<char, 32> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw io_error("getrandom: no random bytes");
  }
  fresh_token out;
  out.token = "braid_" + base64url(std::string_view(bytes.data(), bytes.size()));
  out.line = std::string(name) + ' ' + sha256_hex(out.token);
  return out;
}

std::optional<fault> allowance::take(std::uint64_t tasks, time_point now, std::int64_t utc) {
  if (tasks == 0) return std::nullopt;
  const auto day = utc / seconds_of_day;
  if (day != day_) {
    day_ = day;
    used_ = 0;
  }
  if (quota_ > 0 && tasks > quota_ - std::min(used_, quota_)) {
    const auto wait = tasks > quota_ ? 0 : seconds_of_day - utc % seconds_of_day;
    return too_many("the token's " + std::to_string(quota_) + " tasks a day (UTC) are used up, or not enough for these",
                    wait);
  }
  if (rate_ > 0) {
    filled_ =
        last_ ? std::min(burst(), filled_ + rate_ * std::chrono::duration<double>(now - *last_).count()) : burst();
    last_ = now;
    const double missing = std::min(static_cast<double>(tasks), burst()) - filled_;
    if (missing > 0) {
      const double wait = std::min(std::ceil(missing / rate_), static_cast<double>(seconds_of_day));
      const auto seconds = std::max<std::int64_t>(1, static_cast<std::int64_t>(wait));
      return too_many("the token's tasks a second are used up; try again in " + std::to_string(seconds) + " s",
                      seconds);
    }
    filled_ -= static_cast<double>(tasks);
  }
  used_ += tasks;
  return std::nullopt;
}

void allowance::restore(std::uint64_t tasks, std::int64_t utc) {
  day_ = utc / seconds_of_day;
  used_ = tasks;
}

bool is_loopback_host(std::string_view authority) {
  if (authority.starts_with('[')) return authority.starts_with("[::1]");
  const auto host = authority.substr(0, authority.find(':'));
  if (host.size() == 9) {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    if (std::equal(host.begin(), host.end(), std::string_view("localhost").begin(),
                   [&](char a, char b) { return small(a) == b; })) {
      return true;
    }
  }
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
}

bool is_foreign_page(const http::server_request& request) {
  if (const auto site = request.header("Sec-Fetch-Site"); site && *site != "same-origin" && *site != "none")
    return true;
  const auto origin = request.header("Origin");
  if (!origin) return false;
  const auto scheme = origin->find("://");
  return scheme == origin->npos || origin->substr(scheme + 3) != request.authority();
}

access_shared::access_shared(std::vector<token_entry> tokens) {
  for (auto& one : tokens) owners_.push_back(std::make_unique<owner>(std::move(one)));
}

std::variant<std::string, fault> access_shared::admit(const http::server_request& request) const {
  if (open()) {
    if (!is_loopback_host(request.authority())) {
      return fault(403, "forbidden", "without tokens only requests for this machine are answered");
    }
    if (is_foreign_page(request)) return fault(403, "forbidden", "a page of another origin sent this request");
    return std::string();
  }
  const auto header = request.header("Authorization");
  if (!header || !is_bearer(*header)) {
    return fault(401, "unauthorized", "expected an Authorization header: Bearer TOKEN");
  }
  const auto hash = sha256_hex(header->substr(header->find(' ') + 1));
  // All are looked at, each whole: how long it takes says nothing.
  const owner* found = nullptr;
  for (const auto& one : owners_) {
    if (CRYPTO_memcmp(one->entry.hash.data(), hash.data(), hash.size()) == 0) found = one.get();
  }
  if (found == nullptr) return fault(401, "unauthorized", "the token is not known");
  return found->entry.name;
}

void access_shared::restore(const std::string& name, std::uint64_t tasks, std::int64_t utc) {
  for (const auto& one : owners_) {
    if (one->entry.name != name) continue;
    const std::lock_guard lock(one->mutex);
    one->used.restore(tasks, utc);
  }
}

std::optional<fault> access_shared::take(const std::string& name, std::uint64_t tasks) {
  for (const auto& one : owners_) {
    if (one->entry.name != name) continue;
    const auto utc =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    const std::lock_guard lock(one->mutex);
    return one->used.take(tasks, clock::now(), utc);
  }
  return std::nullopt;
}

}  // namespace braid::serve
