#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <braid/http/client.hpp>
#include <braid/http/retry.hpp>

namespace braid::http {

/// How far a download is.
struct download_progress {
  download_progress() = default;

  std::uint64_t received = 0;          ///< bytes of the file, with those of earlier runs
  std::optional<std::uint64_t> total;  ///< where the server said so
};

struct download_options {
  download_options() = default;

  headers fields;                      ///< more of the request: Authorization, ...
  bool resume = true;                  ///< goes on with what an earlier run left; false begins anew
  retry_options retries;               ///< in a row without a byte gained between them; then the failure is thrown
  std::optional<std::uint64_t> bytes;  ///< of the file at most; more is a limit_error
  /// Called on the context after each piece. What it throws ends the download.
  std::function<void(const download_progress&)> progress;
};

struct download_result {
  download_result() = default;

  std::uint64_t bytes = 0;    ///< of the whole file
  std::uint64_t resumed = 0;  ///< of these, what was there already
  unsigned requests = 0;      ///< how many it took
  response_head head;         ///< of the last response
};

/// Fetches a URL into a file, over as many connections as it takes.
///
/// The bytes go to `path` with ".part" behind it, beside a small ".part.info" that says of what they are part; when all
/// are there the file takes its name, replacing what had it. When the connection is lost, or a later run finds the
/// part, only what is missing is asked for (RFC 9110, 14), on condition that the resource is still the same one
/// (If-Range with a strong ETag, or else Last-Modified). A server that sends the whole instead starts the file anew.
/// Content codings are neither asked for nor undone.
///
/// Limits: the client's timeouts hold for each request; its body limit does not.
/// Cancellation: keeps the part for a later run. Threads: one context; files are written on blocking_pool::standard().
/// Throws: as requests do; status_error; protocol_error for a part that is not the one that was asked for; limit_error;
/// io_error, also while another download writes the same file.
boost::asio::awaitable<download_result> download(client with, std::string url, std::filesystem::path path);
boost::asio::awaitable<download_result> download(client with, std::string url, std::filesystem::path path,
                                                 download_options options);

}  // namespace braid::http
