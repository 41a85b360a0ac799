#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <braid/http/headers.hpp>
#include <braid/http/middleware.hpp>
#include <braid/http/response.hpp>

namespace braid::http {

/// What a recorder keeps. Over a bound, the oldest exchanges go.
struct har_limits {
  har_limits() = default;

  std::size_t entries = 10'000;
  std::size_t bytes = 256u << 20;  ///< bodies and headers, requests and responses together
};

/// One request and its answer, as an archive has them.
struct har_entry {
  har_entry() = default;

  std::chrono::system_clock::time_point started;
  std::string method;
  std::string url;
  headers asked;
  std::string sent;
  bool has_sent = false;  ///< a body that is empty is a body
  int status = 0;
  int version = 11;
  std::string reason;
  headers answered;
  std::string received;
  request_timings timings;
  std::string failure;

  /// For the recorder's bound.
  std::size_t bytes() const noexcept;
};

/// Records what a client asks and is answered, redirects included, as an HTTP archive (HAR 1.2): browsers and other
/// tools open it, and har_player answers from it.
///
///     http::har_recorder recorder;
///     options.middleware.push_back(recorder.middleware());
///     ...
///     recorder.save("session.har");
///
/// Failed requests are recorded with status 0 and the failure as `_error`. Credentials are recorded as they were sent:
/// keep the file as you keep them.
/// Threads: any; contexts may share one. A handle: copies share what is recorded.
class har_recorder {
 public:
  har_recorder();
  explicit har_recorder(const har_limits& limits);

  middleware_function middleware() const;
  /// Records what passes by middleware, as streams do.
  void add(har_entry one) const;
  std::size_t size() const;
  /// The archive as JSON.
  std::string str() const;
  /// Throws: io_error. The file is there whole or not at all.
  void save(const std::filesystem::path& file) const;

 private:
  std::shared_ptr<class har_log> log_;
};

/// Answers requests from an HTTP archive, without the network.
///
/// A request is answered by the entry with its method, its URL and, where the archive has one, its body; of several,
/// in the order of the archive, the last one again and again.
/// Threads: any. A handle: copies share the archive and the place in it.
class har_player {
 public:
  enum class otherwise { fail, ask };  ///< what happens to a request that the archive does not have

  /// Throws: invalid_argument, which says what is no archive and where.
  static har_player parse(std::string_view json, std::string_view source = "archive");
  /// Throws also: io_error.
  static har_player load(const std::filesystem::path& file);

  /// Throws from a request: invalid_argument for one that the archive does not have, unless these go to the server.
  middleware_function middleware(otherwise missing = otherwise::fail) const;
  std::size_t size() const noexcept;

 private:
  har_player() = default;
  std::shared_ptr<class har_archive> archive_;
};

}  // namespace braid::http
