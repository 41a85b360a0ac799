#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include <braid/http/headers.hpp>
#include <braid/http/response.hpp>

namespace braid::http {

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

/// An entry of HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec).
nlohmann::ordered_json to_har(const har_entry& entry);
/// What an answer can be made from: method, URL, body; status, headers, content. Throws: invalid_argument, which names
/// what is missing or of the wrong kind.
har_entry from_har(const nlohmann::json& entry);

}  // namespace braid::http
