#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <braid/http/reply.hpp>
#include <braid/http/server_request.hpp>

namespace braid::http {

/// What the {names} of a route's pattern stand for in a path, percent-decoded.
class path_values {
 public:
  path_values() = default;

  /// Empty for a name that the pattern does not have.
  const std::string& operator[](std::string_view name) const;
  void add(std::string_view name, std::string value) { values_.emplace_back(name, std::move(value)); }
  bool empty() const { return values_.empty(); }

 private:
  std::vector<std::pair<std::string_view, std::string>> values_;  // the names are the router's
};

using route_handler = std::function<boost::asio::awaitable<reply>(server_request&, const path_values&)>;

/// Which handler answers which method and path.
///
///     http::router routes;
///     routes.add("GET", "/v1/task/{id}", show_task).add("DELETE", "/v1/task/{id}", remove_task);
///     http::server site(routes);
///
/// A pattern's segment is a text, compared as it stands, or a {name}, which takes any one segment that is not empty;
/// where both fit, the text wins. An encoded slash is part of its segment. GET answers HEAD too where nothing else
/// does, OPTIONS is answered with 204 and Allow. A path that nobody knows is 404, a known one with another method 405
/// with Allow (RFC 9110, 15.5.6).
///
/// Threads: const members are called on every context at once.
class router {
 public:
  /// What a request comes to: a route, or else the status that says why not, 204, 404 or 405.
  struct match {
    match() = default;
    const route_handler* handler = nullptr;
    path_values values;
    std::string_view pattern;  ///< of the route; lives as long as the router
    int status = 404;
    std::string allow;  ///< with 204 and 405
  };

  /// Makes the reply for 404 and 405; the router adds Allow. Without it their name as text.
  using refusal = std::function<reply(server_request&, int status)>;

  /// Throws: invalid_argument for a pattern that does not begin with '/', has a name twice or a brace in the wrong
  /// place, and for a method and path that are there already.
  router& add(std::string_view method, std::string_view pattern, route_handler handler);
  router& otherwise(refusal how);

  match find(std::string_view method, std::string_view path) const;
  boost::asio::awaitable<reply> operator()(server_request& request) const;

 private:
  struct segment {
    std::string text;
    bool is_name = false;
    bool operator==(const segment& other) const { return is_name == other.is_name && (is_name || text == other.text); }
  };
  struct method_handler {
    std::string method;
    route_handler handler;
  };
  struct route {
    std::string pattern;
    std::vector<segment> segments;
    std::vector<method_handler> methods;
  };

  static std::vector<segment> segments_of(std::string_view pattern);
  const route* best(const std::vector<std::string_view>& path) const;
  static std::string allowed(const route& which);

  std::vector<route> routes_;
  refusal refusal_;
};

}  // namespace braid::http
