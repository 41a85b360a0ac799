#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <braid/core/clock.hpp>
#include <braid/http/headers.hpp>

// What a private HTTP cache may do (RFC 9111, RFC 5861), as functions of messages and of now. They keep nothing and ask
// no clock; <braid/http/cache.hpp> has the stores.

namespace braid::http {

/// The Cache-Control of a message: what a private cache acts upon.
struct cache_control {
  bool no_store = false;
  bool no_cache = false;
  bool must_revalidate = false;
  bool must_understand = false;
  bool only_if_cached = false;
  bool is_public = false;
  std::optional<std::chrono::seconds> max_age;  ///< of several the first; zero for one that is no number
  std::optional<std::chrono::seconds> max_stale;
  std::optional<std::chrono::seconds> min_fresh;
  std::optional<std::chrono::seconds> stale_while_revalidate;
  std::optional<std::chrono::seconds> stale_if_error;

  cache_control() = default;
};

/// Of all Cache-Control fields; of a request without one, what Pragma says.
cache_control parse_cache_control(const headers& fields);

/// A response as a cache keeps it. Its body is whole, and decoded where the client decodes.
struct stored_response {
  std::string key;
  headers selecting;  ///< of its request: the fields that Vary names, and Authorization
  headers fields;     ///< without those that belong to a connection (RFC 9111, 3.1)
  std::string reason;
  std::string body;
  int status = 0;
  int version = 11;
  wall_time requested{};  ///< when its request was sent
  wall_time received{};

  stored_response() = default;
  /// About how much memory it takes.
  std::size_t bytes() const noexcept;
};

/// True when the response to this request may be kept for others (RFC 9111, 3). Only of GET, only what is complete.
bool may_store(std::string_view method, const cache_control& request, int status, const headers& response);

/// The fields of `from` without those that a cache must not keep.
headers storable_fields(const headers& from);

/// Those fields of a request on which the choice of this response depends.
headers selecting_fields(const headers& request, const headers& response);
/// True when a stored response answers a request with these fields (RFC 9111, 4.1).
bool is_selected(const stored_response& stored, const headers& request);

/// How long it counts as fresh; a tenth of its age at the origin where nothing says (RFC 9111, 4.2).
std::chrono::seconds freshness_lifetime(const stored_response& stored);
/// How old it is (RFC 9111, 4.2.3).
std::chrono::seconds current_age(const stored_response& stored, wall_time now);

enum class cache_verdict : std::uint8_t {
  fetch,              ///< there is nothing of use
  serve,              ///< the stored response answers
  serve_and_refresh,  ///< it does, and is to be validated behind the answer (stale-while-revalidate)
  validate,           ///< ask the origin whether it still holds
  unavailable,        ///< only-if-cached, and there is nothing: 504
};

/// What to do with a request; `stored` is null or was selected by it.
cache_verdict judge(const stored_response* stored, const cache_control& request, wall_time now);

/// True when a stale response may stand in for one that could not be had, or that came with a status of 500, 502, 503
/// or 504 (RFC 5861, 4).
bool may_serve_on_error(const stored_response& stored, const cache_control& request, wall_time now);

/// Adds If-None-Match and If-Modified-Since. False when the response has nothing to compare with.
bool add_validators(headers& request, const stored_response& stored);

/// What is stored after a 304 with these fields (RFC 9111, 4.3.4).
stored_response freshened(const stored_response& stored, const headers& not_modified, wall_time requested,
                          wall_time received);

/// True when a response with this status to this method means that stored responses of the URL do not hold any more
/// (RFC 9111, 4.4).
bool invalidates(std::string_view method, int status) noexcept;

/// The bytes that a Range field asks of a body of `size` bytes; nothing for several ranges, none that can be served, or
/// what is not understood.
struct byte_range {
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
};
std::optional<byte_range> parse_byte_range(std::string_view range, std::uint64_t size);

}  // namespace braid::http
