#pragma once

#include <braid/core/clock.hpp>
#include <braid/http/server_request.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fault.hpp"

namespace braid::serve {

/// SHA-256 in hexadecimal digits.
std::string sha256_hex(std::string_view text);

/// One who may use the API. Its tasks are for it alone.
struct token_entry {
  token_entry() = default;

  std::string name;
  std::string hash;         ///< sha256_hex() of the token
  double rate = 0;          ///< tasks a second; 0 for no limit
  std::uint64_t quota = 0;  ///< tasks a day (UTC); 0 for no limit
};

/// A file of tokens: a line each, "NAME SHA256 [rate=TASKS/S] [quota=TASKS/DAY]"; empty lines and those that begin with
/// '#' are skipped. Throws: invalid_argument with the line's number.
std::vector<token_entry> parse_tokens(std::string_view text);

/// A new token, 256 random bits, and its line for the file.
struct fresh_token {
  fresh_token() = default;
  std::string token, line;
};
fresh_token make_token(std::string_view name);

/// What a token has used: a bucket of a second's tasks (of one at least) that fills at its rate, and the day's tasks. A
/// plain function of state and time.
class allowance {
 public:
  allowance(double rate, std::uint64_t quota) : rate_(rate), quota_(quota) {}

  /// `tasks` at once, all or none: a batch that is larger than a second's tasks goes when the bucket is full, and the
  /// next one waits for it accordingly. `utc` is the time in seconds, for the days. Nothing, or why not and until when.
  std::optional<fault> take(std::uint64_t tasks, time_point now, std::int64_t utc);
  /// What the day's quota has been used for already, before a restart.
  void restore(std::uint64_t tasks, std::int64_t utc);

 private:
  double burst() const { return rate_ > 1 ? rate_ : 1; }

  const double rate_;
  const std::uint64_t quota_;
  double filled_ = 0;
  std::optional<time_point> last_;
  std::uint64_t used_ = 0;
  std::int64_t day_ = -1;
};

/// Who may do what.
///
/// Threads: shared by all contexts.
class access_shared {
 public:
  /// Without tokens everybody is the same nameless owner, as long as the request is for this machine: a page in the
  /// user's browser can send requests to 127.0.0.1 too, and a name can be made to lead there.
  explicit access_shared(std::vector<token_entry> tokens);

  bool open() const { return owners_.empty(); }
  /// The owner's name, or 401 or 403.
  std::variant<std::string, fault> admit(const http::server_request& request) const;
  /// A day's beginning in UTC, in seconds: from there on what has been used counts.
  static std::int64_t day_of(std::int64_t utc) { return utc - utc % (24 * 3600); }
  /// What an owner has used today already. One without a token: nothing.
  void restore(const std::string& name, std::uint64_t tasks, std::int64_t utc);
  /// Counts new tasks; nothing, or 429 and why.
  std::optional<fault> take(const std::string& owner, std::uint64_t tasks);

 private:
  struct owner {
    explicit owner(token_entry what) : entry(std::move(what)), used(entry.rate, entry.quota) {}
    token_entry entry;
    std::mutex mutex;
    allowance used;
  };
  std::vector<std::unique_ptr<owner>> owners_;
};

/// True for a Host header that names this machine: "localhost", 127.0.0.0/8 or ::1, with any port.
bool is_loopback_host(std::string_view authority);
/// True for what a browser sends on behalf of a page of another origin.
bool is_foreign_page(const http::server_request& request);

}  // namespace braid::serve
