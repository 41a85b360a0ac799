#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace braid::scrape::postgres {

/// One connection to a PostgreSQL server, with what went wrong said in words: io_error names the server and the
/// database without credentials, what was being done and what to do about it.
///
/// Every wait for the server ends after `patience`. Threads: one at a time; calls block.
class connection {
 public:
  /// `address` is a postgresql:// URI. What it leaves open comes from PGUSER, PGPASSWORD, ~/.pgpass and so on. Throws
  /// invalid_argument for an address that is none.
  explicit connection(const std::string& address);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  void run(const std::string& sql);
  /// A statement of one text parameter, for run_each().
  void prepare(const std::string& sql);
  /// The prepared statement once for each text, in one transaction and one round trip.
  void run_each(std::span<const std::string> texts);
  /// The rows of a statement whose one parameter is an array of texts; a null is an empty text.
  std::vector<std::vector<std::string>> rows(const std::string& sql, std::span<const std::string> texts);

 private:
  using moment = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::seconds patience{90};

  void wait_for(short events, moment until);
  pg_result* next_result(moment until);
  void finish_batch(const std::function<void(const pg_result*)>& each = {});
  void require_sent(int sent);
  [[noreturn]] void lost(const std::string& why);

  pg_conn* handle_ = nullptr;
  std::string name_;
};

}  // namespace braid::scrape::postgres
